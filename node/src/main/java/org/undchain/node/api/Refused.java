package org.undchain.node.api;

import java.util.List;
import org.undchain.node.json.Json;

/**
 * A question that gets no answer: status, code and the three parts that every error has (what, why,
 * try). The first digit of the code is the exit code of the tool (docs/api.md).
 */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final int code;
  private final String reason;
  private final String why;
  private final String attempt;

  private Refused(int status, int code, String reason, String what, String why, String attempt) {
    super(what, null, false, false);
    this.status = status;
    this.code = code;
    this.reason = reason;
    this.why = why;
    this.attempt = attempt;
  }

  /** The question itself is wrong. */
  static Refused wrong(String what, String why, String attempt) {
    return new Refused(400, 1400, "BAD_REQUEST", what, why, attempt);
  }

  static Refused method(String method) {
    return new Refused(
        405,
        1405,
        "METHOD_NOT_ALLOWED",
        "this API does not take " + method,
        "it only answers questions",
        "GET");
  }

  static Refused tooLong(String what, String why) {
    return new Refused(431, 1431, "TOO_LONG", what, why, "ask for less at once");
  }

  static Refused notFound(String what, String why, String attempt) {
    return new Refused(404, 3004, "NOT_FOUND", what, why, attempt);
  }

  /** It will be there in a moment. */
  static Refused notYet(String what, String why, String attempt) {
    return new Refused(503, 5005, "NOT_YET", what, why, attempt);
  }

  static Refused tooSlow() {
    return new Refused(
        408,
        5006,
        "TOO_SLOW",
        "the question did not arrive in time",
        "a question has to be whole within " + ApiServer.QUESTION_MILLIS + " ms",
        "send it in one piece");
  }

  static Refused busy() {
    return new Refused(
        503,
        5007,
        "BUSY",
        "too many questions at once",
        "this API answers " + ApiServer.CONNECTIONS_MAX + " connections at a time",
        "ask again in a moment");
  }

  static Refused bug(Throwable bug) {
    return new Refused(
        500,
        9000,
        "BUG",
        "something that must not happen did: " + bug.getClass().getSimpleName(),
        "this is a bug of ours",
        "report what the node's log says about it");
  }

  int status() {
    return status;
  }

  Json.Obj json(String origin) {
    return Json.object()
        .put(
            "error",
            Json.object()
                .put("code", "UND-" + code)
                .put("reason", reason)
                .put("message", String.valueOf(getMessage()))
                .put("why", why)
                .put("try", Json.strings(List.of(attempt)))
                .put("retryable", code / 1000 == 5)
                .put("origin", origin))
        .build();
  }
}
