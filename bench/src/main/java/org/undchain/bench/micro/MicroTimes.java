package org.undchain.bench.micro;

import java.io.PrintStream;

/** The time of one part alone, for whoever compares it with a target. */
public final class MicroTimes {
  /** Of 100 000 closed seats. */
  public static final String PAYOUT = Part.PAYOUT.label();

  /** After 1 000 of a million accounts changed. */
  public static final String STATE_ROOT = Part.STATE_ROOT.label();

  private MicroTimes() {}

  /**
   * Milliseconds of the best iteration.
   *
   * @throws MicroException if the part could not be timed
   */
  public static double bestMillis(String part, boolean isQuick, PrintStream messages)
      throws MicroException {
    return new MicroRun(isQuick ? Pace.QUICK : Pace.FULL, messages).time(Part.of(part)).best()
        / 1e6;
  }
}
