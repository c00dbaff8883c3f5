package org.undchain.node.cli;

import java.util.List;
import org.undchain.node.json.Json;

/**
 * Why a command ended without doing what it was asked for, in three parts: what, why, what to try.
 * The first digit of the code is the exit code, but for 1 (the caller's words or files are wrong:
 * exit 2) and 9 (a bug of ours: exit 1).
 */
public final class Failure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;
  private final String why;
  private final transient List<String> tries;
  private final boolean retryable;
  private final String origin;

  public Failure(
      int code,
      String reason,
      String what,
      String why,
      List<String> tries,
      boolean retryable,
      String origin) {
    super(what);
    this.code = code;
    this.reason = reason;
    this.why = why;
    this.tries = List.copyOf(tries);
    this.retryable = retryable;
    this.origin = origin;
  }

  /** A failure of this process that another try will not mend. */
  public static Failure local(int code, String reason, String what, String why, String... tries) {
    return new Failure(code, reason, what, why, List.of(tries), false, "local");
  }

  /** The command line itself is wrong. */
  public static Failure usage(String what, String why, String... tries) {
    return local(1100, "USAGE", what, why, tries);
  }

  /**
   * A failure as another process told it in JSON.
   *
   * @param code stands where it gave none that has a meaning here
   * @param origin stands where it did not say who it is
   */
  public static Failure told(Json.Obj error, int code, String origin) {
    return new Failure(
        error
            .text("code")
            .filter(text -> text.matches("UND-[1-9][0-9]{3}"))
            .map(text -> Integer.parseInt(text.substring(4)))
            .orElse(code),
        error.text("reason").orElse("REFUSED"),
        error.text("message").orElse("it was refused"),
        error.text("why").orElse("no reason was given"),
        error.list("try").stream()
            .filter(Json.Str.class::isInstance)
            .map(text -> ((Json.Str) text).value())
            .toList(),
        error.bool("retryable").orElse(false),
        error.text("origin").orElse(origin));
  }

  public int code() {
    return code;
  }

  public String reason() {
    return reason;
  }

  public int exitCode() {
    return switch (code / 1000) {
      case 1 -> 2;
      case 9 -> 1;
      default -> code / 1000;
    };
  }

  String text() {
    StringBuilder text = new StringBuilder("error[UND-" + code + "] " + getMessage());
    if (!origin.equals("local")) {
      text.append(" (").append(origin).append(')');
    }
    text.append("\n  why: ").append(why);
    for (String attempt : tries) {
      text.append("\n  try: ").append(attempt);
    }
    return text.toString();
  }

  Json json() {
    return Json.object()
        .put(
            "error",
            Json.object()
                .put("code", "UND-" + code)
                .put("reason", reason)
                .put("message", String.valueOf(getMessage()))
                .put("why", why)
                .put("try", Json.strings(tries))
                .put("retryable", retryable)
                .put("origin", origin))
        .build();
  }
}
