package org.undchain.sim;

/** Who plays in a scenario. */
public sealed interface Cast {
  /**
   * Active validators, numbered in the order of the set; the first {@code known} of them are the
   * owner's.
   */
  record Validators(int count, int known) implements Cast {}

  /** A client that says what the scenario tells it, with an account of this balance. */
  record Client(String name, long grains) implements Cast {}

  /** A partner that says what the scenario tells it, without an account. */
  record Partner(String name) implements Cast {}

  static Cast validators(int count) {
    return new Validators(count, Math.min(1, count));
  }

  static Cast validators(int count, int known) {
    return new Validators(count, known);
  }

  /** A client with 1000 UND. */
  static Cast client(String name) {
    return new Client(name, 1_000_000_000_000L);
  }

  static Cast client(String name, long grains) {
    return new Client(name, grains);
  }

  static Cast partner(String name) {
    return new Partner(name);
  }
}
