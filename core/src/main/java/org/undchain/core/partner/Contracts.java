package org.undchain.core.partner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Outcome;
import org.undchain.core.agent.SessionEntries;
import org.undchain.core.agent.Submissions;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Opened;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.partner.Bids.OwnBid;
import org.undchain.core.session.SessionObjects;
import org.undchain.core.session.SessionObjects.SignedContract;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Contracts that clients offer (section 7 step 2), until this partner signs them: one that fits the
 * bid waits for the result proof of its REQUEST, so nothing is signed whose escrow is not there.
 */
final class Contracts {
  private final PartnerProfile profile;
  private final PartnerKeys keys;
  private final Mail mail;
  private final Submissions submissions;
  private final Bids bids;
  private final SeatBook book;
  private final Countersigner countersigner;
  private final Map<Hash, Asked> asked = new TreeMap<>();

  /** A contract that waits for the proof, by its job. */
  private record Asked(SignedContract contract, Envelope envelope, long units) {
    NodeId client() {
      return NodeId.of(contract.body().getClient());
    }
  }

  Contracts(
      PartnerAgent.Setup setup, Mail mail, Submissions submissions, Bids bids, SeatBook book) {
    this.profile = setup.profile();
    this.keys = setup.keys();
    this.mail = mail;
    this.submissions = submissions;
    this.bids = bids;
    this.book = book;
    this.countersigner = new Countersigner(mail, keys);
  }

  /** Units of contracts that wait. */
  long reservedUnits() {
    return asked.values().stream().mapToLong(Asked::units).sum();
  }

  Verdict onContract(BlockTime now, NodeId peer, Opened message, long freeUnits, List<Effect> out) {
    Optional<OwnSeat> known = book.of(peer, message.id().toByteString());
    if (known.isPresent()) {
      known.get().hear(now);
      countersigner.repeat(now, known.get(), out);
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
    return take(now, signed.get(), message.envelope(), freeUnits, out);
  }

  private Verdict take(
      BlockTime now, SignedContract signed, Envelope envelope, long freeUnits, List<Effect> out) {
    Hash jobId = Hash.of(signed.body().getJobId());
    Asked waiting = asked.get(jobId);
    if (waiting != null && waiting.contract().id().equals(signed.id())) {
      return Verdict.ACCEPT;
    }
    Optional<OwnBid> bid = bids.of(jobId);
    if (bid.isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_FOUND, "no bid of this partner for the job is remembered");
    }
    Verdict verdict =
        ContractRule.check(signed.body(), bid.get(), profile, mail.slotAt(now), freeUnits);
    if (!verdict.isAccept()) {
      return verdict;
    }
    if (waiting != null || book.hasSeatOf(jobId)) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_USED, "this partner has a seat of the job by another contract");
    }
    if (!book.hasRoom(asked.size())) {
      return Verdict.reject(RejectCode.REJECT_CODE_BUSY, SeatBook.SEATS_MAX + " seats are busy");
    }
    asked.put(jobId, new Asked(signed, envelope, units(signed.body())));
    // R6.3: a committed entry that is handed in again is answered with its signed result
    submissions
        .submit(now, bid.get().job().envelope(), Submissions.Manner.NORMAL, out)
        .ifPresent(outcome -> onOutcome(now, outcome, out));
    return Verdict.ACCEPT;
  }

  private static long units(Contract contract) {
    return contract.getMaxAmount() / contract.getUnitPrice();
  }

  boolean isWaitingFor(Hash entryId) {
    return asked.containsKey(entryId);
  }

  /** The escrow is there, and the contract is agreed; or it is not. */
  Optional<OwnSeat> onOutcome(BlockTime now, Outcome outcome, List<Effect> out) {
    Asked contract = asked.get(outcome.entryId());
    if (contract == null || outcome instanceof Outcome.Promised) {
      return Optional.empty();
    }
    asked.remove(outcome.entryId());
    boolean isCommitted = outcome instanceof Outcome.Committed;
    if (outcome instanceof Outcome.Committed committed
        && committed.result() == EntryResult.ENTRY_RESULT_OK) {
      return Optional.of(agree(now, contract, out));
    }
    mail.reject(
        now,
        contract.client(),
        contract.contract().id(),
        isCommitted ? RejectCode.REJECT_CODE_NO_FUNDS : RejectCode.REJECT_CODE_NOT_YET_PROVEN,
        isCommitted ? "the request has no escrow" : "no proof that the request's escrow is there",
        out);
    return Optional.empty();
  }

  private OwnSeat agree(BlockTime now, Asked contract, List<Effect> out) {
    Contract body = contract.contract().body();
    SessionRecord.Builder record =
        SessionRecord.newBuilder()
            .setContractId(contract.contract().id().toByteString())
            .setJobId(body.getJobId())
            .setContract(contract.envelope())
            .setPartnerSig(countersigner.contract(body).getSig())
            .setSessionSeed(keys.seedOf(Hash.of(body.getJobId())).toByteString());
    record.setStart(SessionEntries.start(mail, now, record.build()));
    OwnSeat own = book.add(now, record.build());
    own.save(record, out);
    countersigner.repeat(now, own, out);
    return own;
  }
}
