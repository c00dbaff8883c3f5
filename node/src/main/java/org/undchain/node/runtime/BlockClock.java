package org.undchain.node.runtime;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.undchain.core.value.BlockTime;

/**
 * Block time of this process: the wall clock at its start, carried on by the monotonic clock, plus
 * an offset. It never steps back while the process lives, whatever happens to the wall clock.
 */
public final class BlockClock {
  private final long baseMillis;
  private final long baseNanos;
  private final LongSupplier nanos;

  private BlockClock(long baseMillis, LongSupplier nanos) {
    this.baseMillis = baseMillis;
    this.nanos = nanos;
    this.baseNanos = nanos.getAsLong();
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

  /** Block time minus wall clock, for other processes of the same network. */
  public long offsetMillis() {
    return now().millis() - System.currentTimeMillis();
  }

  public BlockTime now() {
    return new BlockTime(baseMillis + TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - baseNanos));
  }
}
