package org.undchain.node.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
}
