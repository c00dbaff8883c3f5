package org.undchain.node.client;

import java.util.List;

/** Why a client's job came to nothing, in the three parts that people are told. */
public final class ClientException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is; each kind is one exit code of the command line. */
  public enum Kind {
    NOT_FOUND,
    REFUSED,
    UNREACHABLE,
    UNVERIFIED,
    NO_FUNDS
  }

  private final Kind kind;
  private final String reason;
  private final String why;
  private final transient List<String> tries;

  /**
   * @param reason short name in capital letters, for programs
   */
  public ClientException(Kind kind, String reason, String what, String why, String... tries) {
    super(what);
    this.kind = kind;
    this.reason = reason;
    this.why = why;
    this.tries = List.of(tries);
  }

  public Kind kind() {
    return kind;
  }

  public String reason() {
    return reason;
  }

  public String what() {
    return String.valueOf(getMessage());
  }

  public String why() {
    return why;
  }

  public List<String> tries() {
    return tries;
  }
}
