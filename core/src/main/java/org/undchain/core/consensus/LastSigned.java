package org.undchain.core.consensus;

import java.util.Comparator;

/**
 * The place of a signature in the life of a consensus key: (epoch, height, round, step), R4.40.
 * Only a greater place may be signed, so no two different votes ever share one.
 */
public record LastSigned(long epoch, long height, int round, Step step)
    implements Comparable<LastSigned> {
  private static final Comparator<LastSigned> ORDER =
      Comparator.comparingLong(LastSigned::epoch)
          .thenComparingLong(LastSigned::height)
          .thenComparingInt(LastSigned::round)
          .thenComparing(LastSigned::step);

  /** Below every place that can be signed: a key that signed nothing. */
  public static final LastSigned NOTHING = new LastSigned(0, -1, -1, Step.PROPOSE);

  @Override
  public int compareTo(LastSigned other) {
    return ORDER.compare(this, other);
  }
}
