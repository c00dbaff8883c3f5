package org.undchain.node.cli.net;

import org.undchain.node.cli.Failure;

/** Lengths of time as people type them: {@code 500ms}, {@code 2s}, {@code 2m}, {@code 4h}. */
final class Durations {
  private Durations() {}

  static long millis(String option, String text) throws Failure {
    if (text.matches("[0-9]{1,9}(ms|s|m|h)")) {
      int digits = text.replaceAll("[a-z]+$", "").length();
      return Long.parseLong(text.substring(0, digits))
          * switch (text.substring(digits)) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            default -> 3_600_000;
          };
    }
    throw Failure.usage(
        option + " is no length of time: " + text,
        "it is a whole number with ms, s, m or h",
        option + " 2s");
  }
}
