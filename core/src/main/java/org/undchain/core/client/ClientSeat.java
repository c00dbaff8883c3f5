package org.undchain.core.client;

import com.google.protobuf.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Seat;
import org.undchain.core.agent.SessionEntries;
import org.undchain.core.crypto.Signer;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Close;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Micro;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.session.SessionKeys;
import org.undchain.core.value.Bytes;

/** One seat of this client: what is on disk of it, and what is known while the agent runs. */
final class ClientSeat {
  private final Mail mail;

  /** Names the timer of this seat; counted anew at every start. */
  final long number;

  private Seat seat;
  private @Nullable Signer session;
  private int waits;

  ClientSeat(Mail mail, long number, SessionRecord record) {
    this.mail = mail;
    this.number = number;
    this.seat = Seat.of(mail.chain().context(), record);
  }

  Seat seat() {
    return seat;
  }

  SessionRecord.Builder record() {
    return seat.record().toBuilder();
  }

  /** The new record is on disk before anything that follows leaves (I20). */
  void save(SessionRecord.Builder record, List<Effect> out) {
    seat = Seat.of(mail.chain().context(), record.build());
    waits = 0;
    out.add(new Effect.Persist(seat.log()));
  }

  /** Signed by the key of the session, which is made once: that takes longer than a signature. */
  Envelope sealed(SessionKeys keys, Message receipt) {
    Signer signer = session;
    if (signer == null) {
      signer = keys.signer(Bytes.of(seat.record().getSessionSeed()));
      session = signer;
    }
    return Envelopes.sealSession(mail.chain().context(), signer, receipt);
  }

  /** Whether receipts may be signed. */
  boolean isRunning() {
    return seat.isStarted() && !seat.isOver() && !seat.isClosing() && !seat.isCompleting();
  }

  /** Counts how often the partner was asked for the step that comes next. */
  int countWait() {
    return ++waits;
  }

  // --- what becomes of it, told to the user
  // -------------------------------------------------------

  void tellOpened(List<Effect> out) {
    tell(
        new ClientNotice.SeatOpened(
            seat.contractId(), seat.jobId(), seat.contract().getSeatNo(), seat.partner()),
        out);
  }

  void tellStarted(List<Effect> out) {
    tell(
        new ClientNotice.SeatStarted(
            seat.contractId(),
            seat.jobId(),
            seat.contract().getSeatNo(),
            seat.partner(),
            seat.record().getStartHeight()),
        out);
  }

  void tellPaid(List<Effect> out) {
    Micro newest = seat.newest();
    tell(
        new ClientNotice.Paid(
            seat.contractId(), newest.getSeq(), newest.getCumUnits(), newest.getCumAmount()),
        out);
  }

  void tellReceipt(List<Effect> out) {
    Close close = seat.close();
    tell(
        new ClientNotice.ReceiptSigned(
            seat.contractId(), seat.partner(), close.getUnits(), close.getAmount()),
        out);
  }

  void tellCompleted(List<Effect> out) {
    tell(
        new ClientNotice.SeatCompleted(
            seat.contractId(),
            SessionEntries.kind(seat),
            seat.amount(),
            seat.record().getCompleteHeight()),
        out);
  }

  void tellFailed(RejectCode code, String detail, List<Effect> out) {
    tell(
        new ClientNotice.SeatFailed(
            seat.jobId(), seat.contract().getSeatNo(), seat.partner(), code, detail),
        out);
  }

  /**
   * @param height of the COMPLETE; 0 if another one was on chain before
   */
  void complete(long height, List<Effect> out) {
    save(record().setCompleted(true).setCompleteHeight(height), out);
    tellCompleted(out);
  }

  void fail(RejectCode code, String detail, List<Effect> out) {
    save(record().setFailed(true), out);
    tellFailed(code, detail, out);
  }

  private static void tell(ClientNotice notice, List<Effect> out) {
    out.add(new Effect.Deliver(notice));
  }
}
