package org.undchain.node.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.message.SeatState;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** Closes seats and waits for their receipts, their completions, and the payout. */
final class SeatReceipts {
  private final ClientNode node;
  private final JobProgress progress;

  SeatReceipts(ClientNode node, JobProgress progress) {
    this.node = node;
    this.progress = progress;
  }

  /** The last micro-receipt and the close over it. */
  void close(Hash contractId, long units, Hash root) {
    node.command(new ClientCommand.Pay(contractId, units, Bytes.EMPTY));
    node.command(new ClientCommand.CloseSeat(contractId, root.bytes()));
  }

  /** The receipts that both signed; none of a seat that was completed without one. */
  List<StoreJob.Receipt> signed(Collection<Hash> contracts) throws InterruptedException {
    List<StoreJob.Receipt> receipts = new ArrayList<>();
    for (Hash contractId : contracts) {
      node.<ClientNotice>await(0, settling(), notice -> lastWord(contractId, notice))
          .filter(ClientNotice.ReceiptSigned.class::isInstance)
          .map(ClientNotice.ReceiptSigned.class::cast)
          .ifPresent(told ->
              receipts.add(
                  new StoreJob.Receipt(
                      told.contractId(), told.partner(), told.units(), told.amount(), "DUAL", 0)));
    }
    progress.step("receipts", receipts.size() + " receipts are signed by both");
    return receipts;
  }

  private static Optional<ClientNotice> lastWord(Hash contractId, ClientNotice notice) {
    boolean isMeant =
        switch (notice) {
          case ClientNotice.ReceiptSigned told -> told.contractId().equals(contractId);
          case ClientNotice.SeatCompleted told -> told.contractId().equals(contractId);
          default -> false;
        };
    return isMeant ? Optional.of(notice) : Optional.empty();
  }

  /** The same receipts with the blocks that completed them. */
  List<StoreJob.Receipt> completed(List<StoreJob.Receipt> receipts)
      throws ClientException, InterruptedException {
    List<StoreJob.Receipt> done = new ArrayList<>();
    for (StoreJob.Receipt receipt : receipts) {
      ClientNotice.SeatCompleted told =
          node.await(0, settling(), notice -> completion(receipt.contractId(), notice))
              .orElseThrow(() -> notComplete(receipt));
      done.add(
          new StoreJob.Receipt(
              receipt.contractId(),
              receipt.partner(),
              receipt.units(),
              told.amount(),
              told.kind().name().replace("COMPLETION_KIND_", ""),
              told.height()));
    }
    progress.step("complete", done.size() + " completions are on chain");
    return done;
  }

  private static ClientException notComplete(StoreJob.Receipt receipt) {
    return new ClientException(
        ClientException.Kind.UNREACHABLE,
        "NOT_COMPLETE",
        "the completion of a seat is in no block yet",
        "the object is stored; its receipt " + receipt.contractId() + " is signed by both",
        "the same command again goes on waiting");
  }

  private static Optional<ClientNotice.SeatCompleted> completion(
      Hash contractId, ClientNotice notice) {
    return notice instanceof ClientNotice.SeatCompleted told && told.contractId().equals(contractId)
        ? Optional.of(told)
        : Optional.empty();
  }

  /** Waits for the payout that settles every seat of the job; its period. */
  long paid(Hash jobId, int seats) throws ClientException, InterruptedException {
    long period = node.chain().calendar().periodOf(node.slot());
    for (int seat = 0; seat < seats; seat++) {
      while (EarlierSeats.state(node, jobId, seat).filter(SeatReceipts::isOpen).isPresent()) {
        long now = node.slot();
        period = node.chain().calendar().periodOf(now);
        node.awaitSlot(now + 1);
      }
    }
    progress.step("paid", "by the payout of period " + period);
    return period;
  }

  private static boolean isOpen(SeatState state) {
    return state != SeatState.SEAT_STATE_SETTLED && state != SeatState.SEAT_STATE_CANCELLED;
  }

  private Duration settling() {
    return Duration.ofMillis(
            (node.chain().rules().validitySlots() + 4L) * node.chain().rules().slotMillis())
        .plus(ClientNode.ANSWER);
  }
}
