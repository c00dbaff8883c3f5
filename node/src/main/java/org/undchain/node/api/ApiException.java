package org.undchain.node.api;

/** Why the API could not be opened. The message says what was tried and what to do. */
public final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What stands in the way. */
  public enum Why {
    /** The operating system takes no socket path of this length. */
    PATH_TOO_LONG,
    /** Another process answers on this socket. */
    IN_USE,
    /** The socket or its folder could not be made. */
    INPUT_OUTPUT
  }

  private final Why why;

  ApiException(Why why, String message) {
    super(message);
    this.why = why;
  }

  public Why why() {
    return why;
  }
}
