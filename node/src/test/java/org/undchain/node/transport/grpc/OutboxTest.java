package org.undchain.node.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What leaves a connection that ends. */
class OutboxTest {
  private static final byte[] REASON = {1};
  private static final byte[] FAREWELL = {2};

  private final Outbox outbox = new Outbox();

  @Test
  void theReasonsThatWaitLeaveAheadOfTheFarewell() throws Exception {
    outbox.offer(REASON);
    outbox.offer(REASON);
    outbox.close(List.of(FAREWELL));
    assertThat(outbox.take(() -> false)).containsExactly(REASON, REASON, FAREWELL);
    assertThat(outbox.take(() -> false)).isEmpty();
  }

  /** A mountain would have to wait in gRPC, which knows no bound, for a peer that does not read. */
  @Test
  void aMountainIsDroppedAndTheFarewellLeaves() throws Exception {
    outbox.offer(new byte[Outbox.FRAME_BYTES]);
    outbox.offer(REASON);
    outbox.close(List.of(FAREWELL));
    assertThat(outbox.take(() -> false)).containsExactly(FAREWELL);
    assertThat(outbox.take(() -> false)).isEmpty();
  }

  @Test
  void nothingIsTakenOnBehindTheFarewell() throws Exception {
    outbox.close(List.of(FAREWELL));
    assertThat(outbox.offer(REASON)).isTrue();
    outbox.close(List.of(REASON));
    assertThat(outbox.take(() -> false)).containsExactly(FAREWELL);
    assertThat(outbox.take(() -> false)).isEmpty();
  }

  @Test
  void whatIsInNoHurryLeavesWithWhatIs() throws Exception {
    Outbox patient = new Outbox(TimeUnit.HOURS.toNanos(1));
    patient.offerPatient(REASON);
    patient.offerPatient(REASON);
    FutureTask<List<byte[]>> taking = new FutureTask<>(() -> patient.take(() -> true));
    Thread taker = Thread.ofVirtual().start(taking);
    while (taker.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait(); // it waits for company
    }
    patient.offer(FAREWELL);
    assertThat(taking.get()).containsExactly(REASON, REASON, FAREWELL);
  }

  @Test
  void whatIsInNoHurryLeavesWithoutCompanyInTheEnd() throws Exception {
    outbox.offerPatient(REASON);
    assertThat(outbox.take(() -> true)).containsExactly(REASON);
    outbox.offerPatient(REASON);
    outbox.offerPatient(FAREWELL);
    assertThat(outbox.take(() -> true)).containsExactly(REASON, FAREWELL);
  }
}
