package org.undchain.node.runtime;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.undchain.core.value.BlockTime;

/**
 * Block time of this process: the wall clock at its start, carried on by the monotonic clock, plus
 * an offset. Whatever happens to the wall clock, it never steps back, except once: when a starting
 * validator comes to the time of the others (R3.1). It belongs to one node from then on.
 */
public final class BlockClock {
  private final long baseMillis;
  private final long baseNanos;
  private final LongSupplier nanos;
  private volatile long steppedMillis;

  private BlockClock(long baseMillis, LongSupplier nanos) {
    this(baseMillis, nanos.getAsLong(), nanos);
  }

  private BlockClock(long baseMillis, long baseNanos, LongSupplier nanos) {
    this.baseMillis = baseMillis;
    this.baseNanos = baseNanos;
    this.nanos = nanos;
  }

  /**
   * @param offsetMillis block time minus wall clock
   */
  public static BlockClock wall(long offsetMillis) {
    return new BlockClock(
        Math.addExact(System.currentTimeMillis(), offsetMillis), System::nanoTime);
  }

  /** Goes on from a block time, as a devnet does that was off. */
  public static BlockClock from(BlockTime start) {
    return new BlockClock(start.millis(), System::nanoTime);
  }

  /** A clock that shows the same and is set for itself. */
  public BlockClock copy() {
    return new BlockClock(baseMillis + steppedMillis, baseNanos, nanos);
  }

  /** Sets the clock forward, or back if negative. Only one thread does. */
  void step(long millis) {
    steppedMillis = Math.addExact(steppedMillis, millis);
  }

  /** Block time minus wall clock, for other processes of the same network. */
  public long offsetMillis() {
    return now().millis() - System.currentTimeMillis();
  }

  public BlockTime now() {
    return new BlockTime(
        baseMillis + steppedMillis + TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - baseNanos));
  }
}
