package org.undchain.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.undchain.core.machine.Event;

/** Where the time is short, those who agree come first. */
class InboxTest {
  private static final long LONG_AGO_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Inbox inbox = new Inbox();

  @Test
  void whoBringsRequestsWaitsForAValidatorThatIsNotHeardInTime() throws Exception {
    putOfValidator();
    CountDownLatch goesOn = readerThatWaits(TimeUnit.MINUTES.toNanos(1));
    assertThat(goesOn.await(20, TimeUnit.MILLISECONDS)).as("before it is heard").isFalse();
    inbox.poll();
    assertThat(goesOn.await(10, TimeUnit.SECONDS)).as("once it is heard").isTrue();
  }

  @Test
  void noValidatorKeepsRequestsOutForLong() throws Exception {
    putOfValidator();
    assertThat(readerThatWaits(1).await(10, TimeUnit.SECONDS)).as("never heard").isTrue();
  }

  private void putOfValidator() throws InterruptedException {
    inbox.offer(
        new Inbox.Arrival(new Event.Started(), () -> {}, System.nanoTime() - LONG_AGO_NANOS), true);
  }

  private CountDownLatch readerThatWaits(long maxNanos) {
    CountDownLatch goesOn = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(() -> {
          try {
            inbox.giveWay(maxNanos);
            goesOn.countDown();
          } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
          }
        });
    return goesOn;
  }
}
