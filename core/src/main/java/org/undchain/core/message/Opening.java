package org.undchain.core.message;

import java.util.Optional;

/** Outcome of opening bytes from outside: what they hold, or why they are refused. */
public sealed interface Opening<T> {
  record Good<T>(T what) implements Opening<T> {}

  record Refused<T>(RejectCode code, String detail) implements Opening<T> {}

  default Optional<T> good() {
    return this instanceof Good<T>(T what) ? Optional.of(what) : Optional.empty();
  }

  static <T> Opening<T> refused(RejectCode code, String detail) {
    return new Refused<>(code, detail);
  }
}
