package org.undchain.core.partner;

import java.util.List;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Seat;
import org.undchain.core.agent.SessionEntries;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Close;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.value.BlockTime;

/** One seat of this partner: what is on disk of it, and what is known while the agent runs. */
final class OwnSeat {
  private final Mail mail;

  /** Names the timers of this seat; counted anew at every start. */
  final long number;

  private Seat seat;
  private long delivered;
  private BlockTime heard;
  private int windows;

  OwnSeat(Mail mail, long number, SessionRecord record, BlockTime now) {
    this.mail = mail;
    this.number = number;
    this.seat = Seat.of(mail.chain().context(), record);
    this.heard = now;
  }

  Seat seat() {
    return seat;
  }

  /** The new record is on disk before anything that follows leaves (I20). */
  void save(SessionRecord.Builder record, List<Effect> out) {
    seat = Seat.of(mail.chain().context(), record.build());
    out.add(new Effect.Persist(seat.log()));
  }

  SessionRecord.Builder record() {
    return seat.record().toBuilder();
  }

  /** Whether work may be done and receipts taken. */
  boolean isRunning() {
    return seat.isStarted() && !seat.isOver() && !seat.isCompleting();
  }

  /** Units that are promised and not yet taken. */
  long reservedUnits() {
    return seat.isOver() ? 0 : Math.max(0, seat.unitsMax() - delivered);
  }

  long allowedUnits() {
    long paid = seat.newest().getCumUnits();
    long credit = seat.contract().getCreditUnits();
    return Math.min(seat.unitsMax(), paid + Math.min(credit, Long.MAX_VALUE - paid));
  }

  /** Whether that was news. */
  boolean deliver(long cumUnits) {
    boolean isMore = cumUnits > delivered;
    delivered = Math.max(delivered, cumUnits);
    return isMore;
  }

  void hear(BlockTime now) {
    heard = now;
  }

  BlockTime silentAt() {
    return heard.plusMillis(mail.chain().rules().clientSilenceMillis());
  }

  /** Counts the windows that passed without a result; false when it is one too many. */
  boolean mayTryAgain(int windowsMax) {
    return ++windows < windowsMax;
  }

  // --- what becomes of it, told to the edge
  // -------------------------------------------------------

  void tellOpened(List<Effect> out) {
    tell(
        new PartnerNotice.SeatOpened(
            seat.contractId(), seat.client(), seat.contract(), seat.record().getStartHeight()),
        out);
    tellCredit(out);
  }

  void tellCredit(List<Effect> out) {
    tell(
        new PartnerNotice.Credit(seat.contractId(), seat.newest().getCumUnits(), allowedUnits()),
        out);
  }

  void tellReceipt(List<Effect> out) {
    Close close = seat.close();
    tell(
        new PartnerNotice.ReceiptSigned(
            seat.contractId(), seat.client(), close.getUnits(), close.getAmount()),
        out);
  }

  /**
   * @param height of the own COMPLETE; 0 if the client's came first
   */
  void complete(long height, List<Effect> out) {
    save(record().setCompleted(true).setCompleteHeight(height), out);
    tell(
        new PartnerNotice.SeatClosed(
            seat.contractId(), SessionEntries.kind(seat), seat.amount(), height),
        out);
  }

  void fail(RejectCode code, String detail, List<Effect> out) {
    save(record().setFailed(true), out);
    tell(new PartnerNotice.SeatFailed(seat.contractId(), code, detail), out);
  }

  private static void tell(PartnerNotice notice, List<Effect> out) {
    out.add(new Effect.Deliver(notice));
  }
}
