package org.undchain.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * A figure that is asked for, and what came of it.
 *
 * @param number of the target of which it is a part; empty for one without
 * @param isAtMost whether less is better
 * @param reached empty if it could not be measured; then {@code unit} says why
 */
record Target(
    String number,
    String what,
    double asked,
    boolean isAtMost,
    Optional<Double> reached,
    String unit) {

  static Target atLeast(String number, String what, double asked, double reached, String unit) {
    return new Target(number, what, asked, false, Optional.of(reached), unit);
  }

  static Target atMost(String number, String what, double asked, double reached, String unit) {
    return new Target(number, what, asked, true, Optional.of(reached), unit);
  }

  /** What was measured and is asked to be nothing: a single one misses the target. */
  static Target none(String number, String what, long reached) {
    return atMost(number, what, 0, reached, "");
  }

  static Target unknown(String number, String what, String why) {
    return new Target(number, what, 0, false, Optional.empty(), why);
  }

  boolean isMet() {
    return reached.filter(value -> isAtMost ? value <= asked : value >= asked).isPresent();
  }

  /** 1 and more where the target is met; empty where it is nothing, or nothing was measured. */
  Optional<Double> ratio() {
    return reached
        .filter(value -> asked > 0 && value > 0)
        .map(value -> isAtMost ? asked / value : value / asked);
  }

  static String head() {
    return "target                                                            asked      reached"
        + "    ratio";
  }

  String line() {
    String begin = String.format(Locale.ROOT, "%-4s %-52s", number, what);
    if (reached.isEmpty()) {
      return begin + "  not measured: " + unit;
    }
    return String.format(
        Locale.ROOT,
        "%s  %s %9s  %11s  %7s  %s",
        begin,
        isAtMost ? "<=" : ">=",
        figure(asked),
        figure(reached.get()) + (unit.isEmpty() ? "" : " " + unit),
        ratio().map(value -> String.format(Locale.ROOT, "%.2f", value)).orElse("-"),
        isMet() ? "met" : "missed");
  }

  private static String figure(double value) {
    boolean isWhole = value == Math.rint(value) || value >= 1000;
    return String.format(Locale.ROOT, isWhole ? "%.0f" : value < 10 ? "%.3f" : "%.1f", value);
  }
}
