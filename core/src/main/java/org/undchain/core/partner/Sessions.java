package org.undchain.core.partner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Outcome;
import org.undchain.core.agent.Seat;
import org.undchain.core.agent.SessionEntries;
import org.undchain.core.agent.Submissions;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Close;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.session.ReceiptRule;
import org.undchain.core.session.SessionObjects;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The partner's side of section 7, one seat per job:
 *
 * <pre>
 * CONTRACT → asks for the result proof of the REQUEST → signs, START → result proof of START
 *          → works, takes MICRO after MICRO → signs CLOSE, COMPLETE(DUAL) → result proof: closed
 *                                           → client silent: COMPLETE(PARTIAL) with the last MICRO
 * </pre>
 *
 * Nothing is signed for work whose escrow is not proven, and every signature is on disk before it
 * leaves (I20). What a client asks for twice is answered twice with the same bytes.
 */
final class Sessions {
  static final String TIMER_SILENCE = "partner-silence";

  /** So often START or COMPLETE gets a new window when no block took it in the last. */
  static final int WINDOWS_MAX = 8;

  private final Mail mail;
  private final Submissions submissions;
  private final SeatBook book;
  private final Contracts contracts;
  private final Countersigner countersigner;
  private final Map<Hash, Hash> contractOfEntry = new TreeMap<>();
  private final List<SessionRecord> recovered;

  Sessions(
      PartnerAgent.Setup setup,
      Mail mail,
      Submissions submissions,
      Bids bids,
      List<SessionRecord> recovered) {
    this.mail = mail;
    this.submissions = submissions;
    this.book = new SeatBook(mail);
    this.contracts = new Contracts(setup, mail, submissions, bids, book);
    this.countersigner = new Countersigner(mail, setup.keys());
    this.recovered = recovered;
  }

  /** Units promised in contracts and not yet taken. */
  long reservedUnits() {
    return book.reservedUnits() + contracts.reservedUnits();
  }

  /** Goes on where the records end. */
  void onStarted(BlockTime now, List<Effect> out) {
    for (SessionRecord record : recovered) {
      OwnSeat own = book.add(now, record);
      Seat seat = own.seat();
      if (seat.isOver()) {
        continue;
      }
      if (!seat.isStarted()) {
        submit(now, own, record.getStart(), out);
        continue;
      }
      own.tellOpened(out);
      if (seat.isCompleting()) {
        submit(now, own, record.getComplete(), out);
      } else {
        waitForClient(own, out);
      }
    }
  }

  Verdict onContract(BlockTime now, NodeId peer, Opened message, long freeUnits, List<Effect> out) {
    return contracts.onContract(now, peer, message, freeUnits, out);
  }

  // --- receipts
  // -----------------------------------------------------------------------------------

  Verdict onMicro(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    Optional<OwnSeat> found = book.of(peer, message.body().getMicro().getContractId());
    if (found.isEmpty()) {
      return unknown();
    }
    OwnSeat own = found.get();
    Seat seat = own.seat();
    if (message.id().equals(seat.newestId())) {
      own.hear(now);
      return new Verdict.Ignore(RejectCode.REJECT_CODE_USED);
    }
    if (!own.isRunning()) {
      return Verdict.reject(RejectCode.REJECT_CODE_WRONG_STATE, "the seat does not run");
    }
    NodeId clientKey = NodeId.of(seat.contract().getClientSessionKey());
    boolean isSigned =
        SessionObjects.micro(
                mail.chain().context(), mail.chain().signatures(), message.envelope(), clientKey)
            .isPresent();
    if (!isSigned) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_SIGNATURE, "not signed by the client's session key");
    }
    Verdict verdict =
        ReceiptRule.micro(
            seat.contract(), seat.newest(), seat.newestId(), message.body().getMicro());
    if (!verdict.isAccept()) {
      return verdict;
    }
    own.hear(now);
    own.save(own.record().setNewestMicro(message.envelope()), out);
    own.tellCredit(out);
    return Verdict.ACCEPT;
  }

  Verdict onClose(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    Optional<OwnSeat> found = book.of(peer, message.body().getClose().getContractId());
    if (found.isEmpty()) {
      return unknown();
    }
    OwnSeat own = found.get();
    Seat seat = own.seat();
    if (seat.isClosed()) {
      return closeAgain(now, own, message, out);
    }
    if (!seat.isStarted() || seat.record().getFailed()) {
      return Verdict.reject(RejectCode.REJECT_CODE_WRONG_STATE, "the seat does not run");
    }
    NodeId clientKey = NodeId.of(seat.contract().getClientSessionKey());
    Optional<Close> close =
        SessionObjects.closeOf(
            mail.chain().context(), mail.chain().signatures(), message.envelope(), clientKey);
    if (close.isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_SIGNATURE, "not signed by the client's session key");
    }
    Verdict verdict = ReceiptRule.close(seat.contract(), seat.newest(), close.get());
    if (verdict.isAccept()) {
      close(now, own, message.envelope(), close.get(), out);
    }
    return verdict;
  }

  private Verdict closeAgain(BlockTime now, OwnSeat own, Opened message, List<Effect> out) {
    if (!message.envelope().getBody().equals(own.seat().record().getClose().getBody())) {
      return Verdict.reject(RejectCode.REJECT_CODE_USED, "another close is signed by both");
    }
    countersigner.repeatClose(now, own, out);
    return Verdict.ACCEPT;
  }

  /** Signs the client's close and brings it on chain; after an own PARTIAL by the second try. */
  private void close(BlockTime now, OwnSeat own, Envelope envelope, Close close, List<Effect> out) {
    boolean isSecond = own.seat().isCompleting();
    SessionRecord.Builder record =
        own.record()
            .setClose(envelope)
            .setClosePartnerSig(countersigner.close(own.seat(), close).getSig())
            .setCompleted(false);
    Seat closed = Seat.of(mail.chain().context(), record.build());
    record.setComplete(
        SessionEntries.complete(
            mail,
            now,
            closed,
            isSecond ? SessionEntries.Attempt.PARTNER_AGAIN : SessionEntries.Attempt.PARTNER));
    own.save(record, out);
    own.tellReceipt(out);
    countersigner.repeatClose(now, own, out);
    submit(now, own, own.seat().record().getComplete(), out);
  }

  private static Verdict unknown() {
    return Verdict.reject(
        RejectCode.REJECT_CODE_UNKNOWN_CONTRACT, "no such contract with this client");
  }

  // --- the edge
  // -----------------------------------------------------------------------------------

  void onDelivered(BlockTime now, Hash contractId, long cumUnits) {
    book.of(contractId).filter(own -> own.deliver(cumUnits)).ifPresent(own -> own.hear(now));
  }

  /** The partner gives a seat up. */
  void onEnd(BlockTime now, Hash contractId, RejectCode code, String detail, List<Effect> out) {
    Optional<OwnSeat> own =
        book.of(contractId).filter(one -> !one.seat().isOver() && !one.seat().isCompleting());
    if (own.isPresent()) {
      mail.reject(now, own.get().seat().client(), contractId, code, detail, out);
      settleAlone(now, own.get(), code, detail, out);
    }
  }

  // --- silence
  // ------------------------------------------------------------------------------------

  void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    Optional<OwnSeat> own = book.ofNumber(id.first()).filter(OwnSeat::isRunning);
    if (own.isEmpty()) {
      return;
    }
    if (now.isBefore(own.get().silentAt())) {
      waitForClient(own.get(), out);
    } else {
      settleAlone(now, own.get(), RejectCode.REJECT_CODE_UNSPECIFIED, "the client is silent", out);
    }
  }

  /** A sign of life: the client is connected again. */
  void onPeerUp(BlockTime now, NodeId peer) {
    book.all().stream()
        .filter(own -> own.seat().client().equals(peer))
        .forEach(own -> own.hear(now));
  }

  private void waitForClient(OwnSeat own, List<Effect> out) {
    out.add(new Effect.SetTimer(TimerId.of(TIMER_SILENCE, own.number), own.silentAt()));
  }

  /** Section 7 step 5′: the newest micro-receipt pays; without one there is nothing to hand in. */
  private void settleAlone(
      BlockTime now, OwnSeat own, RejectCode code, String detail, List<Effect> out) {
    if (!own.seat().isStarted() || !own.seat().hasMicro()) {
      own.fail(code, detail, out);
      return;
    }
    own.save(
        own.record()
            .setComplete(
                SessionEntries.complete(mail, now, own.seat(), SessionEntries.Attempt.PARTNER)),
        out);
    submit(now, own, own.seat().record().getComplete(), out);
  }

  // --- the chain
  // ----------------------------------------------------------------------------------

  private void submit(BlockTime now, OwnSeat own, Envelope entry, List<Effect> out) {
    contractOfEntry.put(Envelopes.id(mail.chain().context(), entry), own.seat().contractId());
    submissions
        .submit(now, entry, Submissions.Manner.NORMAL, out)
        .ifPresent(outcome -> onOutcome(now, outcome, out));
  }

  void onOutcome(BlockTime now, Outcome outcome, List<Effect> out) {
    if (contracts.isWaitingFor(outcome.entryId())) {
      contracts
          .onOutcome(now, outcome, out)
          .ifPresent(own -> submit(now, own, own.seat().record().getStart(), out));
      return;
    }
    if (outcome instanceof Outcome.Promised) {
      return;
    }
    Optional<OwnSeat> own =
        Optional.ofNullable(contractOfEntry.remove(outcome.entryId())).flatMap(book::of);
    if (own.isEmpty() || own.get().seat().isOver() || !isCurrent(own.get(), outcome.entryId())) {
      return;
    }
    if (own.get().seat().isStarted()) {
      onCompleteOutcome(now, own.get(), outcome, out);
    } else {
      onStartOutcome(now, own.get(), outcome, out);
    }
  }

  /** Whether the outcome is of the entry that counts, not of one it replaced. */
  private boolean isCurrent(OwnSeat own, Hash entryId) {
    SessionRecord record = own.seat().record();
    Envelope current = own.seat().isStarted() ? record.getComplete() : record.getStart();
    return Envelopes.idOrZero(mail.chain().context(), current).equals(entryId);
  }

  private void onStartOutcome(BlockTime now, OwnSeat own, Outcome outcome, List<Effect> out) {
    switch (outcome) {
      case Outcome.Promised promised -> {}
      case Outcome.Committed(var _, long height, var _, EntryResult result, var _) -> {
        if (result == EntryResult.ENTRY_RESULT_OK) {
          own.hear(now);
          own.save(own.record().setStartHeight(height), out);
          own.tellOpened(out);
          waitForClient(own, out);
        } else {
          refuse(now, own, RejectCode.REJECT_CODE_USED, "START: " + result, out);
        }
      }
      case Outcome.Refused(Hash id, RejectCode code, String detail) ->
          refuse(now, own, code, "START: " + detail, out);
      case Outcome.Expired expired -> {
        if (own.mayTryAgain(WINDOWS_MAX)) {
          own.save(
              own.record().setStart(SessionEntries.start(mail, now, own.seat().record())), out);
          mail.show(now, own.seat().client(), own.seat().record().getStart(), out);
          submit(now, own, own.seat().record().getStart(), out);
        } else {
          refuse(now, own, RejectCode.REJECT_CODE_NOT_VALID_NOW, "START is in no block", out);
        }
      }
    }
  }

  private void onCompleteOutcome(BlockTime now, OwnSeat own, Outcome outcome, List<Effect> out) {
    switch (outcome) {
      case Outcome.Promised promised -> {}
      case Outcome.Committed(var _, long height, var _, EntryResult result, var _) -> {
        switch (result) {
          case ENTRY_RESULT_OK -> own.complete(height, out);
          case ENTRY_RESULT_WORSE, ENTRY_RESULT_KEY_USED -> own.complete(0, out);
          default -> own.fail(RejectCode.REJECT_CODE_WRONG_STATE, "COMPLETE: " + result, out);
        }
      }
      case Outcome.Refused(Hash id, RejectCode code, String detail) -> {
        if (code == RejectCode.REJECT_CODE_USED || SessionEntries.isSecond(own.seat())) {
          own.complete(0, out); // the client's, or the own one of before, is on chain
        } else if (SessionEntries.isOfOldPeriod(mail, now, own.seat(), code)) {
          completeAgain(now, own, out);
        } else {
          own.fail(code, "COMPLETE: " + detail, out);
        }
      }
      case Outcome.Expired expired -> completeAgain(now, own, out);
    }
  }

  private void completeAgain(BlockTime now, OwnSeat own, List<Effect> out) {
    if (own.mayTryAgain(WINDOWS_MAX)) {
      own.save(own.record().setComplete(SessionEntries.completeAgain(mail, now, own.seat())), out);
      submit(now, own, own.seat().record().getComplete(), out);
    } else {
      own.fail(RejectCode.REJECT_CODE_NOT_VALID_NOW, "COMPLETE is in no block", out);
    }
  }

  private void refuse(
      BlockTime now, OwnSeat own, RejectCode code, String detail, List<Effect> out) {
    mail.reject(now, own.seat().client(), own.seat().contractId(), code, detail, out);
    own.fail(code, detail, out);
  }
}
