package org.undchain.node.partner;

import java.time.Duration;

/** Bytes per second that all readers together may take from the disk; who takes more waits. */
final class ReadBudget {
  private final long nanosPerMiB;
  private long freeAtNanos = System.nanoTime();

  /**
   * @param bytesPerSecond 1 MiB or more
   */
  ReadBudget(long bytesPerSecond) {
    this.nanosPerMiB = Duration.ofSeconds(1).toNanos() / Math.max(1, bytesPerSecond >> 20);
  }

  /** Returns once these bytes are within the budget. A second's worth may be taken at once. */
  void spend(int bytes) throws InterruptedException {
    long wait;
    synchronized (this) {
      long now = System.nanoTime();
      long burst = Duration.ofSeconds(1).toNanos();
      freeAtNanos = Math.max(freeAtNanos, now - burst) + bytes * nanosPerMiB / (1 << 20);
      wait = freeAtNanos - now;
    }
    if (wait > 0) {
      Thread.sleep(Duration.ofNanos(wait));
    }
  }
}
