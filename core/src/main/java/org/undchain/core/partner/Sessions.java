package org.undchain.core.partner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Outcome;
import org.undchain.core.agent.Seat;
import org.undchain.core.agent.SessionEntries;
import org.undchain.core.agent.Submissions;
import org.undchain.core.crypto.Signer;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Close;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.partner.Bids.OwnBid;
import org.undchain.core.session.ReceiptRule;
import org.undchain.core.session.SessionObjects;
import org.undchain.core.session.SessionObjects.SignedContract;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
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

  /** Most seats remembered; those that are over give way first. */
  static final int SEATS_MAX = 4096;

  /** So often START or COMPLETE gets a new window when no block took it in the last. */
  static final int WINDOWS_MAX = 8;

  private final PartnerProfile profile;
  private final PartnerKeys keys;
  private final Mail mail;
  private final Submissions submissions;
  private final Bids bids;
  private final Map<Hash, OwnSeat> seats = new LinkedHashMap<>();
  private final Map<Long, OwnSeat> byNumber = new TreeMap<>();
  private final Map<Hash, Asked> asked = new TreeMap<>();
  private final Map<Hash, Hash> contractOfEntry = new TreeMap<>();
  private final List<SessionRecord> recovered;
  private long lastNumber;

  /** A contract that waits for the result proof of its REQUEST. */
  private record Asked(NodeId client, Envelope contract, Hash contractId, long units) {}

  Sessions(
      PartnerProfile profile,
      PartnerKeys keys,
      Mail mail,
      Submissions submissions,
      Bids bids,
      List<SessionRecord> recovered) {
    this.profile = profile;
    this.keys = keys;
    this.mail = mail;
    this.submissions = submissions;
    this.bids = bids;
    this.recovered = recovered;
  }

  /** Units promised in contracts and not yet taken. */
  long reservedUnits() {
    return seats.values().stream().mapToLong(OwnSeat::reservedUnits).sum()
        + asked.values().stream().mapToLong(Asked::units).sum();
  }

  /** Goes on where the records end. */
  void onStarted(BlockTime now, List<Effect> out) {
    for (SessionRecord record : recovered) {
      OwnSeat own = add(now, record);
      Seat seat = own.seat();
      if (seat.isOver()) {
        continue;
      }
      if (!seat.isStarted()) {
        submit(now, own, record.getStart(), out);
        continue;
      }
      tellOpened(own, out);
      if (seat.isCompleting()) {
        submit(now, own, record.getComplete(), out);
      } else {
        waitForClient(own, out);
      }
    }
  }

  private OwnSeat add(BlockTime now, SessionRecord record) {
    OwnSeat own = new OwnSeat(mail, ++lastNumber, record, now);
    seats.put(own.seat().contractId(), own);
    byNumber.put(own.number, own);
    return own;
  }

  /** Makes room for one more; false if every seat is busy. */
  private boolean hasRoom() {
    if (seats.size() + asked.size() < SEATS_MAX) {
      return true;
    }
    Optional<OwnSeat> over = seats.values().stream().filter(own -> own.seat().isOver()).findFirst();
    over.ifPresent(own -> {
      seats.remove(own.seat().contractId());
      byNumber.remove(own.number);
    });
    return over.isPresent();
  }

  // --- contract
  // -----------------------------------------------------------------------------------

  Verdict onContract(BlockTime now, NodeId peer, Opened message, long freeUnits, List<Effect> out) {
    OwnSeat known = seats.get(message.id());
    if (known != null && known.seat().client().equals(peer)) {
      repeat(now, known, out);
      return Verdict.ACCEPT;
    }
    Optional<SignedContract> signed =
        SessionObjects.contractOf(
            mail.chain().context(), mail.chain().signatures(), message.envelope());
    if (signed.isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_MALFORMED, "no well-formed contract signed by its client");
    }
    Contract contract = signed.get().body();
    if (!contract.getPartner().equals(mail.self().toByteString())
        || !contract.getClient().equals(peer.toByteString())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_AUTHORISED,
          "a contract is between the two ends of its connection");
    }
    Hash jobId = Hash.of(contract.getJobId());
    Asked waiting = asked.get(jobId);
    if (waiting != null && waiting.contractId().equals(message.id())) {
      return Verdict.ACCEPT;
    }
    Optional<OwnBid> bid = bids.of(jobId);
    if (bid.isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_FOUND, "no bid of this partner for the job is remembered");
    }
    Verdict verdict = ContractRule.check(contract, bid.get(), profile, mail.slotAt(now), freeUnits);
    if (!verdict.isAccept()) {
      return verdict;
    }
    if (waiting != null || hasSeatOf(jobId)) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_USED, "this partner has a seat of the job by another contract");
    }
    if (!hasRoom()) {
      return Verdict.reject(RejectCode.REJECT_CODE_BUSY, SEATS_MAX + " seats are busy");
    }
    long units = contract.getMaxAmount() / contract.getUnitPrice();
    asked.put(jobId, new Asked(peer, message.envelope(), message.id(), units));
    askForProof(now, bid.get(), out);
    return Verdict.ACCEPT;
  }

  private boolean hasSeatOf(Hash jobId) {
    return seats.values().stream()
        .anyMatch(own -> own.seat().jobId().equals(jobId) && !own.seat().record().getFailed());
  }

  /** R6.3: a committed entry that is handed in again is answered with its signed result. */
  private void askForProof(BlockTime now, OwnBid bid, List<Effect> out) {
    submissions
        .submit(now, bid.job().envelope(), Submissions.Manner.NORMAL, out)
        .ifPresent(outcome -> onOutcome(now, outcome, out));
  }

  /** The escrow is there, or it is not. */
  private void onProof(
      BlockTime now, Hash jobId, Asked contract, Outcome outcome, List<Effect> out) {
    if (outcome instanceof Outcome.Promised) {
      return;
    }
    asked.remove(jobId);
    if (outcome instanceof Outcome.Committed(Hash id, long height, long slot, EntryResult result)
        && result == EntryResult.ENTRY_RESULT_OK) {
      agree(now, jobId, contract, out);
      return;
    }
    boolean isCommitted = outcome instanceof Outcome.Committed;
    mail.reject(
        now,
        contract.client(),
        contract.contractId(),
        isCommitted ? RejectCode.REJECT_CODE_NO_FUNDS : RejectCode.REJECT_CODE_NOT_YET_PROVEN,
        "no proof of the job's escrow: " + outcome.getClass().getSimpleName(),
        out);
  }

  private void agree(BlockTime now, Hash jobId, Asked contract, List<Effect> out) {
    Contract body =
        SessionObjects.contractOf(
                mail.chain().context(), mail.chain().signatures(), contract.contract())
            .orElseThrow()
            .body();
    SessionRecord.Builder record =
        SessionRecord.newBuilder()
            .setContractId(contract.contractId().toByteString())
            .setJobId(jobId.toByteString())
            .setContract(contract.contract())
            .setPartnerSig(countersigned(mail.identity(), body).getSig())
            .setSessionSeed(keys.seedOf(jobId).toByteString());
    record.setStart(SessionEntries.start(mail, now, record.build()));
    OwnSeat own = add(now, record.build());
    own.save(record, out);
    repeat(now, own, out);
    submit(now, own, record.getStart(), out);
  }

  private Envelope countersigned(Signer signer, com.google.protobuf.Message body) {
    return Envelopes.sealSession(mail.chain().context(), signer, body);
  }

  /** Everything of this partner that the client may have missed. */
  private void repeat(BlockTime now, OwnSeat own, List<Effect> out) {
    Seat seat = own.seat();
    own.hear(now);
    if (seat.record().getFailed()) {
      mail.reject(
          now,
          seat.client(),
          seat.contractId(),
          RejectCode.REJECT_CODE_WRONG_STATE,
          "nothing comes of this seat",
          out);
      return;
    }
    out.add(new Effect.Send(seat.client(), countersigned(mail.identity(), seat.contract())));
    mail.show(now, seat.client(), seat.record().getStart(), out);
    if (seat.isClosed()) {
      repeatClose(now, own, out);
    }
  }

  private void repeatClose(BlockTime now, OwnSeat own, List<Effect> out) {
    Seat seat = own.seat();
    out.add(new Effect.Send(seat.client(), countersigned(sessionKey(seat), seat.close())));
    mail.show(now, seat.client(), seat.record().getComplete(), out);
  }

  private Signer sessionKey(Seat seat) {
    return keys.sessions().signer(Bytes.of(seat.record().getSessionSeed()));
  }

  // --- receipts
  // -----------------------------------------------------------------------------------

  Verdict onMicro(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    Optional<OwnSeat> found = seatOf(peer, message.body().getMicro().getContractId());
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
    tellCredit(own, out);
    return Verdict.ACCEPT;
  }

  Verdict onClose(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    Optional<OwnSeat> found = seatOf(peer, message.body().getClose().getContractId());
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
    repeatClose(now, own, out);
    return Verdict.ACCEPT;
  }

  /** Signs the client's close and brings it on chain; after an own PARTIAL by the second try. */
  private void close(BlockTime now, OwnSeat own, Envelope envelope, Close close, List<Effect> out) {
    boolean isSecond = own.seat().isCompleting();
    Bytes sig = Bytes.of(countersigned(sessionKey(own.seat()), close).getSig());
    SessionRecord.Builder record =
        own.record().setClose(envelope).setClosePartnerSig(sig.toByteString()).setCompleted(false);
    Seat closed = Seat.of(mail.chain().context(), record.build());
    record.setComplete(
        SessionEntries.complete(
            mail,
            now,
            closed,
            isSecond ? SessionEntries.Attempt.PARTNER_AGAIN : SessionEntries.Attempt.PARTNER));
    own.save(record, out);
    out.add(
        new Effect.Deliver(
            new PartnerNotice.ReceiptSigned(
                closed.contractId(), closed.client(), close.getUnits(), close.getAmount())));
    repeatClose(now, own, out);
    submit(now, own, own.seat().record().getComplete(), out);
  }

  private Optional<OwnSeat> seatOf(NodeId peer, com.google.protobuf.ByteString contractId) {
    return contractId.size() == Hash.SIZE
        ? Optional.ofNullable(seats.get(Hash.of(contractId)))
            .filter(own -> own.seat().client().equals(peer))
        : Optional.empty();
  }

  private static Verdict unknown() {
    return Verdict.reject(
        RejectCode.REJECT_CODE_UNKNOWN_CONTRACT, "no such contract with this client");
  }

  // --- the edge
  // -----------------------------------------------------------------------------------

  void onDelivered(BlockTime now, Hash contractId, long cumUnits) {
    OwnSeat own = seats.get(contractId);
    if (own != null && own.deliver(cumUnits)) {
      own.hear(now);
    }
  }

  /** The partner gives a seat up. */
  void onEnd(BlockTime now, Hash contractId, RejectCode code, String detail, List<Effect> out) {
    OwnSeat own = seats.get(contractId);
    if (own == null || own.seat().isOver() || own.seat().isCompleting()) {
      return;
    }
    mail.reject(now, own.seat().client(), contractId, code, detail, out);
    settleAlone(now, own, code, detail, out);
  }

  // --- silence
  // ------------------------------------------------------------------------------------

  void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    OwnSeat own = byNumber.get(id.first());
    if (own == null || !own.isRunning()) {
      return;
    }
    if (now.isBefore(own.silentAt())) {
      waitForClient(own, out);
    } else {
      settleAlone(now, own, RejectCode.REJECT_CODE_UNSPECIFIED, "the client is silent", out);
    }
  }

  /** A sign of life: the client is connected again. */
  void onPeerUp(BlockTime now, NodeId peer) {
    seats.values().stream()
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
      fail(own, code, detail, out);
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
    Asked contract = asked.get(outcome.entryId());
    if (contract != null) {
      onProof(now, outcome.entryId(), contract, outcome, out);
      return;
    }
    if (outcome instanceof Outcome.Promised) {
      return;
    }
    Optional<OwnSeat> own =
        Optional.ofNullable(contractOfEntry.remove(outcome.entryId())).map(seats::get);
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
      case Outcome.Committed(Hash id, long height, long slot, EntryResult result) -> {
        if (result == EntryResult.ENTRY_RESULT_OK) {
          own.hear(now);
          own.save(own.record().setStartHeight(height), out);
          tellOpened(own, out);
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
      case Outcome.Committed(Hash id, long height, long slot, EntryResult result) -> {
        switch (result) {
          case ENTRY_RESULT_OK -> complete(own, height, out);
          case ENTRY_RESULT_WORSE, ENTRY_RESULT_KEY_USED -> complete(own, 0, out);
          default -> fail(own, RejectCode.REJECT_CODE_WRONG_STATE, "COMPLETE: " + result, out);
        }
      }
      case Outcome.Refused(Hash id, RejectCode code, String detail) -> {
        if (code == RejectCode.REJECT_CODE_USED || SessionEntries.isSecond(own.seat())) {
          complete(own, 0, out); // the client's, or the own one of before, is on chain
        } else {
          fail(own, code, "COMPLETE: " + detail, out);
        }
      }
      case Outcome.Expired expired -> {
        if (own.mayTryAgain(WINDOWS_MAX)) {
          own.save(
              own.record().setComplete(SessionEntries.completeAgain(mail, now, own.seat())), out);
          submit(now, own, own.seat().record().getComplete(), out);
        } else {
          fail(own, RejectCode.REJECT_CODE_NOT_VALID_NOW, "COMPLETE is in no block", out);
        }
      }
    }
  }

  private void complete(OwnSeat own, long height, List<Effect> out) {
    own.save(own.record().setCompleted(true).setCompleteHeight(height), out);
    Seat seat = own.seat();
    out.add(
        new Effect.Deliver(
            new PartnerNotice.SeatClosed(
                seat.contractId(), SessionEntries.kind(seat), seat.amount(), height)));
  }

  private void refuse(
      BlockTime now, OwnSeat own, RejectCode code, String detail, List<Effect> out) {
    mail.reject(now, own.seat().client(), own.seat().contractId(), code, detail, out);
    fail(own, code, detail, out);
  }

  private void fail(OwnSeat own, RejectCode code, String detail, List<Effect> out) {
    own.save(own.record().setFailed(true), out);
    out.add(
        new Effect.Deliver(new PartnerNotice.SeatFailed(own.seat().contractId(), code, detail)));
  }

  private void tellOpened(OwnSeat own, List<Effect> out) {
    Seat seat = own.seat();
    out.add(
        new Effect.Deliver(
            new PartnerNotice.SeatOpened(
                seat.contractId(),
                seat.client(),
                seat.contract(),
                seat.record().getStartHeight())));
    tellCredit(own, out);
  }

  private static void tellCredit(OwnSeat own, List<Effect> out) {
    out.add(
        new Effect.Deliver(
            new PartnerNotice.Credit(
                own.seat().contractId(), own.seat().newest().getCumUnits(), own.allowedUnits())));
  }
}
