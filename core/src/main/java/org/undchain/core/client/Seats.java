package org.undchain.core.client;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Outcome;
import org.undchain.core.agent.Seat;
import org.undchain.core.agent.SessionEntries;
import org.undchain.core.agent.Submissions;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Bid;
import org.undchain.core.message.Close;
import org.undchain.core.message.CloseOutcome;
import org.undchain.core.message.Complete;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Micro;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.session.ReceiptRule;
import org.undchain.core.session.SessionKeys;
import org.undchain.core.session.SessionObjects;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The client's side of section 7:
 *
 * <pre>
 * OpenSeat: CONTRACT → the partner's signature and its START, handed in here too → result proof
 *     Pay: MICRO after MICRO, each on disk before it leaves
 * CloseSeat: CLOSE → the partner's signature and its COMPLETE, handed in here too → result proof
 *     the partner is silent, or LeaveSeat: the own COMPLETE(PARTIAL) with the last MICRO
 * </pre>
 *
 * START and COMPLETE are made by the partner, who is paid by them, and shown to the client; both
 * hand in the same bytes, so one entry has one result that both can prove.
 */
final class Seats {
  /** Most seats remembered; those that are over give way first. */
  static final int SEATS_MAX = 4096;

  /** The partner gets this long and this many attempts for each step that is its own. */
  static final long ANSWER_MILLIS = 6000;

  static final int ANSWERS_MAX = 4;

  private static final String TIMER = "client-seat";

  private final Mail mail;
  private final SessionKeys keys;
  private final Submissions submissions;
  private final Map<Hash, ClientSeat> seats = new LinkedHashMap<>();
  private final Map<Long, ClientSeat> byNumber = new TreeMap<>();
  private final Map<Hash, Hash> contractOfEntry = new TreeMap<>();
  private final Set<NodeId> connected = new TreeSet<>();
  private final List<SessionRecord> recovered;
  private long lastNumber;

  Seats(Mail mail, SessionKeys keys, Submissions submissions, List<SessionRecord> recovered) {
    this.mail = mail;
    this.keys = keys;
    this.submissions = submissions;
    this.recovered = recovered;
  }

  static boolean isTimer(TimerId id) {
    return id.purpose().equals(TIMER);
  }

  /** Goes on where the records end, and tells how far each seat is. */
  void onStarted(BlockTime now, List<Effect> out) {
    for (SessionRecord record : recovered) {
      ClientSeat own = add(record);
      Seat seat = own.seat();
      if (record.getFailed()) {
        continue;
      }
      own.tellOpened(out);
      if (seat.isStarted()) {
        own.tellStarted(out);
      }
      if (seat.hasMicro()) {
        own.tellPaid(out);
      }
      if (seat.isClosed()) {
        own.tellReceipt(out);
      }
      resume(now, own, out);
    }
  }

  private void resume(BlockTime now, ClientSeat own, List<Effect> out) {
    Seat seat = own.seat();
    if (seat.record().getCompleted()) {
      own.tellCompleted(out);
    } else if (seat.isCompleting()) {
      submit(now, own, seat.record().getComplete(), out);
    } else {
      if (!seat.isStarted() && seat.record().hasStart()) {
        submit(now, own, seat.record().getStart(), out);
      }
      if (!seat.isStarted() || seat.isClosing()) {
        waitForPartner(now, own, out);
      }
    }
  }

  private ClientSeat add(SessionRecord record) {
    ClientSeat own = new ClientSeat(mail, ++lastNumber, record);
    seats.put(own.seat().contractId(), own);
    byNumber.put(own.number, own);
    return own;
  }

  private boolean hasRoom() {
    if (seats.size() < SEATS_MAX) {
      return true;
    }
    Optional<ClientSeat> over =
        seats.values().stream().filter(own -> own.seat().isOver()).findFirst();
    over.ifPresent(own -> {
      seats.remove(own.seat().contractId());
      byNumber.remove(own.number);
    });
    return over.isPresent();
  }

  // --- contract
  // -----------------------------------------------------------------------------------

  void onOpen(BlockTime now, ClientCommand.OpenSeat command, List<Effect> out) {
    Optional<Opened> opened =
        Envelopes.open(mail.chain().context(), mail.chain().signatures(), command.bid()).good();
    if (opened.isEmpty()
        || !opened.get().body().hasBid()
        || !opened.get().body().getBid().getJobId().equals(command.jobId().toByteString())) {
      NodeId partner =
          opened.map(Opened::signer).orElse(mail.self()); // nobody: the bytes name no partner
      refuse(command, partner, RejectCode.REJECT_CODE_BAD_FIELD, "no bid for this job", out);
      return;
    }
    NodeId partner = opened.get().signer();
    Envelope contract = ContractForm.sealed(mail, keys, command, opened.get());
    Hash contractId = Envelopes.id(mail.chain().context(), contract);
    ClientSeat known = seats.get(contractId);
    if (known != null) {
      known.tellOpened(out);
      return;
    }
    Verdict verdict = check(command, opened.get().body().getBid(), contract);
    if (verdict instanceof Verdict.Reject(RejectCode why, String detail)) {
      refuse(command, partner, why, detail, out);
      return;
    }
    SessionRecord.Builder record =
        SessionRecord.newBuilder()
            .setContractId(contractId.toByteString())
            .setJobId(command.jobId().toByteString())
            .setContract(contract)
            .setSessionSeed(command.sessionSeed().toByteString());
    ClientSeat own = add(record.build());
    own.save(record, out);
    own.tellOpened(out);
    remind(own, out);
    waitForPartner(now, own, out);
  }

  private Verdict check(ClientCommand.OpenSeat command, Bid bid, Envelope contract) {
    Verdict terms = ContractForm.check(mail.chain(), command.terms(), bid, contract);
    if (!terms.isAccept()) {
      return terms;
    }
    boolean isTaken =
        seats.values().stream()
            .map(ClientSeat::seat)
            .filter(seat -> seat.jobId().equals(command.jobId()) && !seat.record().getFailed())
            .anyMatch(seat -> seat.contract().getSeatNo() == command.seatNo());
    if (isTaken) {
      return Verdict.reject(RejectCode.REJECT_CODE_USED, "the seat has another contract");
    }
    return hasRoom()
        ? Verdict.ACCEPT
        : Verdict.reject(RejectCode.REJECT_CODE_BUSY, SEATS_MAX + " seats are open");
  }

  private static void refuse(
      ClientCommand.OpenSeat command,
      NodeId partner,
      RejectCode code,
      String detail,
      List<Effect> out) {
    deliver(
        new ClientNotice.SeatFailed(command.jobId(), command.seatNo(), partner, code, detail), out);
  }

  /** The partner's signature under the contract. */
  Verdict onContract(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    Optional<ClientSeat> found =
        seats.values().stream()
            .filter(own -> own.seat().partner().equals(peer))
            .filter(own -> own.seat().isSameContract(message.envelope()))
            .findFirst();
    if (found.isEmpty()) {
      return unknown();
    }
    ClientSeat own = found.get();
    Bytes sig = Bytes.of(message.envelope().getSig());
    if (own.seat().isAgreed() || own.seat().isOver()) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_USED);
    }
    if (!message.signer().equals(peer) || !own.seat().isAgreedBy(mail, sig)) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_SIGNATURE, "not signed by the partner's identity key");
    }
    own.save(own.record().setPartnerSig(sig.toByteString()), out);
    waitForPartner(now, own, out);
    return Verdict.ACCEPT;
  }

  private static Verdict unknown() {
    return Verdict.reject(
        RejectCode.REJECT_CODE_UNKNOWN_CONTRACT, "no such contract with this partner");
  }

  // --- the partner's entries
  // ----------------------------------------------------------------------

  /** The partner shows the START or COMPLETE that it hands in; this client hands it in too. */
  Verdict onShown(BlockTime now, NodeId peer, Envelope envelope, List<Effect> out) {
    Optional<OpenedEntry> entry =
        Envelopes.openEntry(mail.chain().context(), mail.chain().signatures(), envelope)
            .good()
            .filter(opened -> opened.signer().equals(peer));
    if (entry.isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_SIGNATURE, "no well-formed entry of this partner");
    }
    return switch (entry.get().body().getEntryCase()) {
      case START -> onStart(now, peer, entry.get(), out);
      case COMPLETE -> onComplete(now, peer, entry.get(), out);
      case REQUEST, CANCEL, TRANSFER, ALIAS, BEAT, EVIDENCE, ENTRY_NOT_SET ->
          Verdict.reject(RejectCode.REJECT_CODE_NOT_AUTHORISED, "START and COMPLETE only");
    };
  }

  private Verdict onStart(BlockTime now, NodeId peer, OpenedEntry entry, List<Effect> out) {
    Envelope contract = entry.body().getStart().getClientContract();
    Optional<ClientSeat> found =
        seatOf(peer, Envelopes.idOrZero(mail.chain().context(), contract).toByteString());
    if (found.isEmpty()) {
      return unknown();
    }
    ClientSeat own = found.get();
    Bytes sig = Bytes.of(entry.body().getStart().getPartnerSig());
    if (!own.seat().isAgreedBy(mail, sig)) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_SIGNATURE, "not this contract's START");
    }
    boolean isKnown = own.seat().record().getStart().equals(entry.envelope());
    if (own.seat().isStarted() || own.seat().isOver() || isKnown) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_USED);
    }
    own.save(own.record().setPartnerSig(sig.toByteString()).setStart(entry.envelope()), out);
    submit(now, own, entry.envelope(), out);
    waitForPartner(now, own, out);
    return Verdict.ACCEPT;
  }

  private Verdict onComplete(BlockTime now, NodeId peer, OpenedEntry entry, List<Effect> out) {
    Complete complete = entry.body().getComplete();
    Optional<ClientSeat> found = seatOf(peer, complete.getContractId());
    if (found.isEmpty()) {
      return unknown();
    }
    ClientSeat own = found.get();
    Seat seat = own.seat();
    boolean isClose =
        seat.isClosed()
            && complete.getReceipt().getBody().equals(seat.record().getClose().getBody());
    if (!isClose) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_WRONG_STATE, "not the completion of the close both signed");
    }
    if (seat.isOver() || seat.isCompleting()) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_USED);
    }
    own.save(own.record().setComplete(entry.envelope()), out);
    submit(now, own, entry.envelope(), out);
    return Verdict.ACCEPT;
  }

  private Optional<ClientSeat> seatOf(NodeId peer, ByteString contractId) {
    return contractId.size() == Hash.SIZE
        ? Optional.ofNullable(seats.get(Hash.of(contractId)))
            .filter(own -> own.seat().partner().equals(peer))
        : Optional.empty();
  }

  // --- receipts
  // -----------------------------------------------------------------------------------

  void onPay(ClientCommand.Pay command, List<Effect> out) {
    ClientSeat own = seats.get(command.contractId());
    if (own == null || !own.isRunning()) {
      notPaid(command.contractId(), RejectCode.REJECT_CODE_WRONG_STATE, "no running seat", out);
      return;
    }
    Seat seat = own.seat();
    if (seat.hasMicro() && command.cumUnits() <= seat.newest().getCumUnits()) {
      own.tellPaid(out);
      return;
    }
    if (!ReceiptRule.isPayable(seat.contract(), command.cumUnits())) {
      notPaid(
          command.contractId(),
          RejectCode.REJECT_CODE_BAD_AMOUNT,
          command.cumUnits() + " units, the contract pays 0 to " + seat.unitsMax(),
          out);
      return;
    }
    Bytes before = seat.hasMicro() ? seat.newestId().bytes() : Bytes.EMPTY;
    Micro micro =
        Micro.newBuilder()
            .setContractId(seat.record().getContractId())
            .setSeq(seat.newest().getSeq() + 1)
            .setCumUnits(command.cumUnits())
            .setCumAmount(ReceiptRule.amount(seat.contract(), command.cumUnits()))
            .setPrevHash(before.toByteString())
            .setWorkHash(command.workHash().toByteString())
            .build();
    own.save(own.record().setNewestMicro(own.sealed(keys, micro)), out);
    own.tellPaid(out);
    send(own, own.seat().record().getNewestMicro(), out);
  }

  /** Nothing new is signed: the partner has seen these bytes or was to see them. */
  void onSignOfLife(Hash contractId, List<Effect> out) {
    ClientSeat own = seats.get(contractId);
    if (own != null && own.isRunning()) {
      Seat seat = own.seat();
      send(
          own, seat.hasMicro() ? seat.record().getNewestMicro() : seat.record().getContract(), out);
    }
  }

  void onClose(BlockTime now, ClientCommand.CloseSeat command, List<Effect> out) {
    ClientSeat own = seats.get(command.contractId());
    if (own == null || !own.isRunning()) {
      notPaid(command.contractId(), RejectCode.REJECT_CODE_WRONG_STATE, "no running seat", out);
      return;
    }
    Micro newest = own.seat().newest();
    Close close =
        Close.newBuilder()
            .setContractId(own.seat().record().getContractId())
            .setFinalSeq(newest.getSeq())
            .setUnits(newest.getCumUnits())
            .setAmount(newest.getCumAmount())
            .setOutcome(CloseOutcome.CLOSE_OUTCOME_DONE)
            .setWorkHash(command.workHash().toByteString())
            .build();
    own.save(own.record().setClose(own.sealed(keys, close)), out);
    send(own, own.seat().record().getClose(), out);
    waitForPartner(now, own, out);
  }

  /** The partner's signature under the close: the receipt of this seat. */
  Verdict onPartnersClose(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    Optional<ClientSeat> found = seatOf(peer, message.body().getClose().getContractId());
    if (found.isEmpty()) {
      return unknown();
    }
    ClientSeat own = found.get();
    Seat seat = own.seat();
    if (seat.isClosed() || seat.isOver()) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_USED);
    }
    NodeId clientKey = NodeId.of(seat.contract().getClientSessionKey());
    NodeId partnerKey = NodeId.of(seat.contract().getPartnerSessionKey());
    Bytes sig = Bytes.of(message.envelope().getSig());
    boolean isReceipt =
        seat.isClosing()
            && message.envelope().getBody().equals(seat.record().getClose().getBody())
            && SessionObjects.close(
                    mail.chain().context(),
                    mail.chain().signatures(),
                    seat.record().getClose(),
                    sig,
                    clientKey,
                    partnerKey)
                .isPresent();
    if (!isReceipt) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_SIGNATURE, "not this client's close, signed by the partner");
    }
    own.save(own.record().setClosePartnerSig(sig.toByteString()), out);
    own.tellReceipt(out);
    waitForPartner(now, own, out);
    return Verdict.ACCEPT;
  }

  void onLeave(BlockTime now, Hash contractId, List<Effect> out) {
    ClientSeat own = seats.get(contractId);
    if (own != null && !own.seat().isOver() && !own.seat().isCompleting()) {
      settleAlone(now, own, "left by the client", out);
    }
  }

  /** Section 7 step 5′: pays what was signed; without a receipt there is nothing to hand in. */
  private void settleAlone(BlockTime now, ClientSeat own, String detail, List<Effect> out) {
    Seat seat = own.seat();
    if (!seat.isStarted() || !(seat.hasMicro() || seat.isClosed())) {
      own.fail(RejectCode.REJECT_CODE_UNSPECIFIED, detail, out);
      return;
    }
    own.save(
        own.record()
            .setComplete(SessionEntries.complete(mail, now, seat, SessionEntries.Attempt.CLIENT)),
        out);
    submit(now, own, own.seat().record().getComplete(), out);
  }

  // --- connection and silence
  // ---------------------------------------------------------------------

  void onPeerUp(NodeId peer, List<Effect> out) {
    connected.add(peer);
    seats.values().stream()
        .filter(own -> own.seat().partner().equals(peer))
        .forEach(own -> remind(own, out));
  }

  void onPeerDown(NodeId peer) {
    connected.remove(peer);
  }

  /** Sends again what the partner has perhaps not seen, always the same bytes. */
  private void remind(ClientSeat own, List<Effect> out) {
    Seat seat = own.seat();
    if (seat.isOver() || seat.isCompleting()) {
      return;
    }
    if (!seat.isStarted()) {
      send(own, seat.record().getContract(), out);
    }
    if (seat.hasMicro()) {
      send(own, seat.record().getNewestMicro(), out);
    }
    if (seat.isClosing()) {
      send(own, seat.record().getClose(), out);
    }
  }

  private void send(ClientSeat own, Envelope envelope, List<Effect> out) {
    if (connected.contains(own.seat().partner())) {
      out.add(new Effect.Send(own.seat().partner(), envelope));
    }
  }

  private void waitForPartner(BlockTime now, ClientSeat own, List<Effect> out) {
    out.add(new Effect.SetTimer(TimerId.of(TIMER, own.number), now.plusMillis(ANSWER_MILLIS)));
  }

  /** Six seconds, four attempts (section 7 step 1), then the seat goes on without the partner. */
  void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    ClientSeat own = byNumber.get(id.first());
    if (own == null || own.seat().isOver() || own.seat().isCompleting() || own.isRunning()) {
      return;
    }
    if (own.countWait() < ANSWERS_MAX || isOnItsWay(own)) {
      remind(own, out);
      waitForPartner(now, own, out);
    } else {
      settleAlone(now, own, "the partner is silent", out);
    }
  }

  /** While the own START is with the validators, they decide, not the partner's silence. */
  private boolean isOnItsWay(ClientSeat own) {
    SessionRecord record = own.seat().record();
    return !own.seat().isStarted()
        && record.hasStart()
        && submissions.isOpen(Envelopes.id(mail.chain().context(), record.getStart()));
  }

  /** The partner refuses a contract, a receipt, or gives the seat up. */
  void onReject(NodeId peer, Reject reject, List<Effect> out) {
    Optional<ClientSeat> found =
        seats.values().stream()
            .filter(own -> own.seat().partner().equals(peer) && !own.seat().isOver())
            .filter(own -> isAbout(own.seat(), reject.getRef()))
            .findFirst();
    if (found.isEmpty()) {
      return;
    }
    Seat seat = found.get().seat();
    if (seat.isStarted()) {
      found.get().tellFailed(reject.getCode(), reject.getDetail(), out);
    } else {
      found.get().fail(reject.getCode(), reject.getDetail(), out);
    }
  }

  private boolean isAbout(Seat seat, ByteString ref) {
    SessionRecord record = seat.record();
    return ref.equals(record.getContractId())
        || (seat.hasMicro() && ref.equals(seat.newestId().toByteString()))
        || (seat.isClosing()
            && ref.equals(Envelopes.id(mail.chain().context(), record.getClose()).toByteString()));
  }

  // --- the chain
  // ----------------------------------------------------------------------------------

  private void submit(BlockTime now, ClientSeat own, Envelope entry, List<Effect> out) {
    contractOfEntry.put(Envelopes.id(mail.chain().context(), entry), own.seat().contractId());
    submissions
        .submit(now, entry, Submissions.Manner.NORMAL, out)
        .ifPresent(outcome -> onOutcome(now, outcome, out));
  }

  /** Whether an outcome was of an entry of a seat; if so it is dealt with. */
  boolean onOutcome(BlockTime now, Outcome outcome, List<Effect> out) {
    Hash contractId = contractOfEntry.get(outcome.entryId());
    if (contractId == null || outcome instanceof Outcome.Promised) {
      return contractId != null;
    }
    contractOfEntry.remove(outcome.entryId());
    ClientSeat own = seats.get(contractId);
    if (own == null || own.seat().isOver() || !isCurrent(own.seat(), outcome.entryId())) {
      return true;
    }
    if (own.seat().isStarted()) {
      onCompleteOutcome(now, own, outcome, out);
    } else {
      onStartOutcome(own, outcome, out);
    }
    return true;
  }

  /** Whether the outcome is of the entry that counts, not of one it replaced. */
  private boolean isCurrent(Seat seat, Hash entryId) {
    Envelope current = seat.isStarted() ? seat.record().getComplete() : seat.record().getStart();
    return Envelopes.idOrZero(mail.chain().context(), current).equals(entryId);
  }

  private void onStartOutcome(ClientSeat own, Outcome outcome, List<Effect> out) {
    switch (outcome) {
      case Outcome.Promised promised -> {}
      case Outcome.Committed(var _, long height, var _, EntryResult result, var _) -> {
        if (result == EntryResult.ENTRY_RESULT_OK) {
          own.save(own.record().setStartHeight(height), out);
          own.tellStarted(out);
        } else {
          own.fail(RejectCode.REJECT_CODE_USED, "START: " + result, out);
        }
      }
      case Outcome.Refused(Hash id, RejectCode code, String detail) ->
          own.fail(code, "START: " + detail, out);
      case Outcome.Expired expired -> {} // the partner makes another, or its silence ends the seat
    }
  }

  private void onCompleteOutcome(BlockTime now, ClientSeat own, Outcome outcome, List<Effect> out) {
    switch (outcome) {
      case Outcome.Promised promised -> {}
      case Outcome.Committed(var _, long height, var _, EntryResult result, var _) -> {
        boolean isOwn = result == EntryResult.ENTRY_RESULT_OK;
        own.complete(isOwn ? height : 0, out);
      }
      case Outcome.Refused(Hash id, RejectCode code, String detail) -> {
        if (code == RejectCode.REJECT_CODE_USED) {
          own.complete(0, out);
        } else if (SessionEntries.isOfOldPeriod(mail, now, own.seat(), code)) {
          completeAgain(now, own, out);
        } else {
          own.fail(code, "COMPLETE: " + detail, out);
        }
      }
      case Outcome.Expired expired -> completeAgain(now, own, out);
    }
  }

  private void completeAgain(BlockTime now, ClientSeat own, List<Effect> out) {
    own.save(own.record().clearComplete(), out);
    settleAlone(now, own, "COMPLETE is in no block", out);
  }

  private static void notPaid(Hash contractId, RejectCode code, String detail, List<Effect> out) {
    deliver(new ClientNotice.NotPaid(contractId, code, detail), out);
  }

  private static void deliver(ClientNotice notice, List<Effect> out) {
    out.add(new Effect.Deliver(notice));
  }
}
