package org.undchain.sim;

import org.undchain.core.value.BlockTime;

/**
 * A node's own clock: the true time of the simulation, shifted and running a little fast or slow.
 *
 * @param offsetMicros how far it is ahead at {@code anchorMicros}
 * @param driftPpm how much faster than true time it runs
 * @param anchorMicros true time at which the offset holds
 */
public record VirtualClock(long offsetMicros, int driftPpm, long anchorMicros) {
  public static final VirtualClock TRUE = new VirtualClock(0, 0, 0);

  private static final long MILLION = 1_000_000;

  public VirtualClock {
    if (Math.abs(driftPpm) > 100_000) {
      throw new IllegalArgumentException(
          "a clock drifts by at most 10 %, not " + driftPpm + " ppm");
    }
  }

  /** What the clock shows at a true time. */
  public BlockTime at(long trueMicros) {
    return new BlockTime(Math.floorDiv(micros(trueMicros), 1000));
  }

  /** First true time at which the clock shows {@code shown}. */
  public long trueMicrosOf(BlockTime shown) {
    long local = Math.multiplyExact(shown.millis(), 1000);
    long since = local - anchorMicros - offsetMicros;
    long rate = MILLION + driftPpm;
    long guess =
        anchorMicros
            + Math.floorDiv(since, rate) * MILLION
            + Math.floorDiv(Math.floorMod(since, rate) * MILLION, rate);
    while (micros(guess - 1) >= local) {
      guess--;
    }
    while (micros(guess) < local) {
      guess++;
    }
    return guess;
  }

  /** The same clock, set forward by so many milliseconds, or back if negative. */
  public VirtualClock stepped(long millis) {
    return new VirtualClock(
        Math.addExact(offsetMicros, Math.multiplyExact(millis, 1000)), driftPpm, anchorMicros);
  }

  private long micros(long trueMicros) {
    long since = trueMicros - anchorMicros;
    return trueMicros
        + offsetMicros
        + Math.floorDiv(since, MILLION) * driftPpm
        + Math.floorDiv(Math.floorMod(since, MILLION) * driftPpm, MILLION);
  }
}
