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

  /** A client whose agent is the real one, with an account of this balance. */
  record LiveClient(String name, long grains) implements Cast {}

  /** A partner whose agent is the real one, without an account, with room for so many units. */
  record LivePartner(String name, long units) implements Cast {}

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

  /** A real client agent with 1000 UND. */
  static Cast liveClient(String name) {
    return new LiveClient(name, 1_000_000_000_000L);
  }

  /** A real partner agent with room for 1000 units. */
  static Cast livePartner(String name) {
    return new LivePartner(name, 1000);
  }

  static Cast livePartner(String name, long units) {
    return new LivePartner(name, units);
  }
}
