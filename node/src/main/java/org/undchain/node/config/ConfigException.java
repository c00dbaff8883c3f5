package org.undchain.node.config;

import java.util.List;

/**
 * A file of the user that cannot be used: what is wrong, why it matters, what to do. The code is
 * that of {@code error[UND-code]}.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String why;
  private final transient List<String> tries;

  public ConfigException(int code, String what, String why, List<String> tries) {
    super(what);
    this.code = code;
    this.why = why;
    this.tries = List.copyOf(tries);
  }

  public int code() {
    return code;
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
