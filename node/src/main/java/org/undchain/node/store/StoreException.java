package org.undchain.node.store;

import java.io.IOException;

/** Why a node's disk cannot be used; the message says what to do next. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1;

  /** Kind of a failure, for callers that decide by it. */
  public enum Why {
    WRONG_CHAIN,
    NEWER_VERSION,
    IN_USE,
    DAMAGED,
    NO_SPACE,
    SIGNED_BEFORE,
    INPUT_OUTPUT
  }

  private final Why why;

  public StoreException(Why why, String message) {
    super(message);
    this.why = why;
  }

  public StoreException(Why why, String message, Throwable cause) {
    super(message, cause);
    this.why = why;
  }

  public Why why() {
    return why;
  }
}
