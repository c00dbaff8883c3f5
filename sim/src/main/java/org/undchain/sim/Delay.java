package org.undchain.sim;

/**
 * How long something takes: a fixed part, a part drawn once per link or disk, and a random part of
 * this mean each time. Microseconds.
 */
public record Delay(long minMicros, long spreadMicros, long meanExtraMicros) {
  public static final Delay NONE = new Delay(0, 0, 0);

  public Delay {
    if (minMicros < 0 || spreadMicros < 0 || meanExtraMicros < 0) {
      throw new IllegalArgumentException("a delay is not negative");
    }
  }

  /** The part that stays the same for one link. */
  long drawBase(Chance chance) {
    return minMicros + chance.between(0, spreadMicros);
  }

  long draw(long base, Chance chance) {
    return base + chance.exponential(meanExtraMicros);
  }
}
