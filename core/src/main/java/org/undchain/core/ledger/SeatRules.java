package org.undchain.core.ledger;

import java.util.Optional;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.message.SeatState;
import org.undchain.core.message.Start;
import org.undchain.core.session.SessionObjects;
import org.undchain.core.session.SessionObjects.Receipt;
import org.undchain.core.session.SessionObjects.SignedContract;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** When START and COMPLETE are eligible (R4.17a). */
final class SeatRules {
  static final int CLIENT = 1;
  static final int PARTNER = 2;

  private SeatRules() {}

  static Verdict start(Chain chain, State parent, OpenedEntry entry, long slot) {
    if (!Eligibility.isSessionSize(entry.bodyBytes())) {
      return tooLarge(entry);
    }
    Optional<SignedContract> signed = contractOf(chain, entry);
    if (signed.isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_SIGNATURE,
          "the contract is not signed by both, or not well-formed");
    }
    Contract contract = signed.get().body();
    boolean isParty =
        contract.getClient().equals(entry.signer().toByteString())
            || contract.getPartner().equals(entry.signer().toByteString());
    if (!isParty) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_AUTHORISED, "START comes from the client or the partner");
    }
    Hash jobId = Hash.of(contract.getJobId());
    Optional<JobLeaf> found = parent.job(jobId);
    if (found.isEmpty()) {
      return Verdict.reject(RejectCode.REJECT_CODE_UNKNOWN_JOB, "no open job of that id");
    }
    JobLeaf job = found.get();
    if (!job.getClient().equals(contract.getClient())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_AUTHORISED, "the contract's client is not the job's");
    }
    if (job.getCancelled() || slot > job.getStartBy()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_WRONG_STATE, "the job is cancelled or startBy is over");
    }
    if (contract.getSeatNo() >= job.getSeats()
        || contract.getMaxAmount() > job.getMaxPerPartner()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_AMOUNT, "seat or maxAmount is over the job's");
    }
    if (parent.seat(jobId, contract.getSeatNo()).isPresent() || hasPartner(parent, job, contract)) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_USED, "the seat is taken, or the partner has one");
    }
    return Eligibility.isActive(parent, NodeId.of(contract.getPartner()))
        ? Verdict.reject(RejectCode.REJECT_CODE_NOT_AUTHORISED, "an active validator is no partner")
        : Verdict.ACCEPT;
  }

  static boolean hasPartner(State state, JobLeaf job, Contract contract) {
    return state.seats(job).stream()
        .anyMatch(seat -> seat.getPartner().equals(contract.getPartner()));
  }

  static Verdict complete(Chain chain, State parent, OpenedEntry entry, long slot) {
    if (!Eligibility.isSessionSize(entry.bodyBytes())) {
      return tooLarge(entry);
    }
    Complete complete = entry.body().getComplete();
    if (complete.getContractId().size() != Hash.SIZE) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_FIELD, "contractId has 32 bytes");
    }
    Optional<SeatLeaf> found = parent.seatOfContract(Hash.of(complete.getContractId()));
    if (found.isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_UNKNOWN_CONTRACT, "no open seat of that contract");
    }
    SeatLeaf seat = found.get();
    Verdict form = completeForm(chain, seat, entry, slot);
    if (!form.isAccept()) {
      return form;
    }
    Optional<Receipt> receipt = receiptOf(chain, seat, complete);
    if (receipt.isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_SIGNATURE, "the receipt lacks a signature of the session");
    }
    if (receipt.get().amount() > seat.getMaxAmount()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_AMOUNT, "the receipt names more than maxAmount");
    }
    if (complete.getKind() == CompletionKind.COMPLETION_KIND_INTERIM
        && seat.getPaidSoFar() + chain.rules().fee(entry.bodyBytes()) > receipt.get().amount()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_AMOUNT,
          "the receipt does not cover what was paid and the fee of this INTERIM (R4.14f)");
    }
    return isBetter(seat, receipt.get())
        ? Verdict.ACCEPT
        : Verdict.reject(RejectCode.REJECT_CODE_USED, "a receipt as good is on chain (R7.9)");
  }

  private static Verdict completeForm(Chain chain, SeatLeaf seat, OpenedEntry entry, long slot) {
    Complete complete = entry.body().getComplete();
    if (seat.getState() == SeatState.SEAT_STATE_SETTLED
        || seat.getState() == SeatState.SEAT_STATE_CANCELLED) {
      return Verdict.reject(RejectCode.REJECT_CODE_WRONG_STATE, "the seat has ended");
    }
    boolean isInterim = complete.getKind() == CompletionKind.COMPLETION_KIND_INTERIM;
    boolean isKind =
        isInterim
            || complete.getKind() == CompletionKind.COMPLETION_KIND_DUAL
            || complete.getKind() == CompletionKind.COMPLETION_KIND_PARTIAL;
    Bytes party = Bytes.of(complete.getParty() == CLIENT ? seat.getClient() : seat.getPartner());
    if (!isKind
        || complete.getParty() < CLIENT
        || complete.getParty() > PARTNER
        || !party.equals(entry.signer().bytes())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_AUTHORISED, "COMPLETE is signed by the party it names");
    }
    if (isInterim) {
      boolean isNow =
          complete.getPeriod() == chain.calendar().periodOf(slot) && complete.getAttempt() == 0;
      boolean isUsed = seat.getInterimPeriodPlusOne() > complete.getPeriod();
      return isNow && !isUsed && seat.getState() == SeatState.SEAT_STATE_STARTED
          ? Verdict.ACCEPT
          : Verdict.reject(
              RejectCode.REJECT_CODE_USED, "one INTERIM a period, while the seat runs");
    }
    int bit = useBit(complete);
    if (bit == 0 || complete.getPeriod() != 0) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "the client completes once, the partner twice");
    }
    return (seat.getCompletesUsed() & bit) == 0
        ? Verdict.ACCEPT
        : Verdict.reject(RejectCode.REJECT_CODE_USED, "this COMPLETE is used up");
  }

  /**
   * Bit of SeatLeaf.completes_used: client 1 → 1, partner 1 and 2 → 2 and 4; 0 for anything else.
   */
  static int useBit(Complete complete) {
    if (complete.getParty() == CLIENT) {
      return complete.getAttempt() == 1 ? 1 : 0;
    }
    return complete.getAttempt() == 1 || complete.getAttempt() == 2 ? 2 * complete.getAttempt() : 0;
  }

  static boolean isBetter(SeatLeaf seat, Receipt receipt) {
    boolean hasStored = !seat.getEvidenceHash().isEmpty();
    boolean isDual = seat.getKind() == CompletionKind.COMPLETION_KIND_DUAL;
    return SessionObjects.isBetter(receipt, hasStored, seat.getSeq(), seat.getAmount(), isDual);
  }

  static Optional<SignedContract> contractOf(Chain chain, OpenedEntry entry) {
    Start start = entry.body().getStart();
    return SessionObjects.contract(
        chain.context(),
        chain.signatures(),
        start.getClientContract(),
        Bytes.of(start.getPartnerSig()));
  }

  static Optional<Receipt> receiptOf(Chain chain, SeatLeaf seat, Complete complete) {
    NodeId clientKey = NodeId.of(seat.getClientSessionKey());
    Optional<Receipt> receipt =
        complete.getKind() == CompletionKind.COMPLETION_KIND_DUAL
            ? SessionObjects.close(
                chain.context(),
                chain.signatures(),
                complete.getReceipt(),
                Bytes.of(complete.getPartnerSig()),
                clientKey,
                NodeId.of(seat.getPartnerSessionKey()))
            : SessionObjects.micro(
                chain.context(), chain.signatures(), complete.getReceipt(), clientKey);
    return receipt.filter(found -> found.contractId().equals(Hash.of(complete.getContractId())));
  }

  private static Verdict tooLarge(OpenedEntry entry) {
    return Verdict.reject(
        RejectCode.REJECT_CODE_TOO_LARGE, entry.bodyBytes() + " bytes, at most 2048");
  }
}
