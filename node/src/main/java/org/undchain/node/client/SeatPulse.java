package org.undchain.node.client;

import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells the partners of a job that its client is there, also while it waits for another one: a
 * partner that hears nothing for the rule's client silence closes its seat.
 */
final class SeatPulse implements AutoCloseable {
  /** Signs of life within the client silence; all but one may get lost. */
  private static final int BEATS = 4;

  private final CountDownLatch over = new CountDownLatch(1);

  SeatPulse(long clientSilenceMillis, Collection<SeatDoor> doors) {
    long pause = Math.max(1, clientSilenceMillis / BEATS);
    Thread.ofVirtual()
        .name("seat-pulse")
        .start(() -> {
          try {
            while (!over.await(pause, TimeUnit.MILLISECONDS)) {
              doors.forEach(SeatDoor::signOfLife);
            }
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Override
  public void close() {
    over.countDown();
  }
}
