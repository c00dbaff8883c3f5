package org.undchain.core.ledger;

import java.util.Map;
import java.util.Optional;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Header;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.message.SeatState;
import org.undchain.core.session.SessionObjects.Receipt;
import org.undchain.core.session.SessionObjects.SignedContract;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Executes START, CANCEL and COMPLETE on the seats of jobs (R4.17 phase 3, R4.17a, R7.9). */
final class Seats {
  private final Chain chain;
  private final Draft draft;
  private final Header header;

  Seats(Chain chain, Draft draft, Header header) {
    this.chain = chain;
    this.draft = draft;
    this.header = header;
  }

  EntryResult start(OpenedEntry entry) {
    SignedContract signed = SeatRules.contractOf(chain, entry).orElseThrow();
    Contract contract = signed.body();
    Hash jobId = Hash.of(contract.getJobId());
    Optional<JobLeaf> found = draft.view().job(jobId);
    if (found.isEmpty()) {
      return EntryResult.ENTRY_RESULT_TOO_LATE;
    }
    JobLeaf job = found.get();
    boolean isTaken =
        draft.view().seat(jobId, contract.getSeatNo()).isPresent()
            || SeatRules.hasPartner(draft.view(), job, contract);
    if (isTaken) {
      return EntryResult.ENTRY_RESULT_SEAT_TAKEN;
    }
    long fee = sessionFee(job, job.getSessionFeePerSeat(), entry.bodyBytes());
    draft.put(job.toBuilder().setEscrow(job.getEscrow() - fee).build());
    draft.addToPool(fee);
    draft.put(seat(signed, job.getSessionFeePerSeat() - fee));
    return EntryResult.ENTRY_RESULT_OK;
  }

  private SeatLeaf seat(SignedContract signed, long sessionEscrow) {
    Contract contract = signed.body();
    return SeatLeaf.newBuilder()
        .setJobId(contract.getJobId())
        .setSeatNo(contract.getSeatNo())
        .setContractId(signed.id().toByteString())
        .setPartner(contract.getPartner())
        .setClient(contract.getClient())
        .setState(SeatState.SEAT_STATE_STARTED)
        .setMaxAmount(contract.getMaxAmount())
        .setUnitPrice(contract.getUnitPrice())
        .setClientSessionKey(contract.getClientSessionKey())
        .setPartnerSessionKey(contract.getPartnerSessionKey())
        .setEndSlot(contract.getEndSlot())
        .setMaxPeriods(contract.getMaxPeriods())
        .setStartSlot(header.getSlot())
        .setStartHeight(header.getHeight())
        .setLastActivitySlot(header.getSlot())
        .setSessionEscrow(sessionEscrow)
        .setKeepUntilSlot(contract.getKeepUntilSlot())
        .build();
  }

  /** Before any START the whole escrow returns in this block (section 5). */
  EntryResult cancel(Hash jobId, Map<NodeId, Long> credits) {
    Optional<JobLeaf> found = draft.view().job(jobId);
    if (found.isEmpty() || !draft.view().seats(found.get()).isEmpty()) {
      return EntryResult.ENTRY_RESULT_TOO_LATE;
    }
    JobLeaf job = found.get();
    NodeId client = NodeId.of(job.getClient());
    credits.merge(client, job.getEscrow(), Math::addExact);
    AccountLeaf account = draft.account(client).orElseThrow();
    draft.put(account.toBuilder().setEscrowed(account.getEscrowed() - job.getEscrow()).build());
    draft.put(job.toBuilder().setEscrow(0).setCancelled(true).build());
    return EntryResult.ENTRY_RESULT_OK;
  }

  EntryResult complete(OpenedEntry entry) {
    Complete complete = entry.body().getComplete();
    Optional<SeatLeaf> found = draft.view().seatOfContract(Hash.of(complete.getContractId()));
    if (found.isEmpty()) {
      return EntryResult.ENTRY_RESULT_TOO_LATE;
    }
    boolean isInterim = complete.getKind() == CompletionKind.COMPLETION_KIND_INTERIM;
    SeatLeaf seat = isInterim ? payInterim(found.get(), entry) : payFee(found.get(), entry);
    Receipt receipt = SeatRules.receiptOf(chain, seat, complete).orElseThrow();
    if (!SeatRules.isBetter(seat, receipt)) {
      draft.put(seat);
      return EntryResult.ENTRY_RESULT_WORSE;
    }
    draft.put(withReceipt(seat, complete.getKind(), receipt));
    return EntryResult.ENTRY_RESULT_OK;
  }

  private SeatLeaf withReceipt(SeatLeaf seat, CompletionKind kind, Receipt receipt) {
    SeatLeaf.Builder after =
        seat.toBuilder()
            .setSeq(receipt.seq())
            .setUnits(receipt.units())
            .setAmount(receipt.amount())
            .setEvidenceHash(receipt.id().toByteString())
            .setWorkHash(receipt.workHash().toByteString())
            .setLastActivitySlot(header.getSlot())
            .setKind(kind);
    if (kind == CompletionKind.COMPLETION_KIND_INTERIM) {
      return after.build();
    }
    return after
        .setState(
            kind == CompletionKind.COMPLETION_KIND_DUAL
                ? SeatState.SEAT_STATE_CLOSED_DUAL
                : SeatState.SEAT_STATE_CLOSED_PARTIAL)
        .setCloseSlot(header.getSlot())
        .setCloseHeight(header.getHeight())
        .build();
  }

  /** The seat's own session escrow pays, so neither side can use up the other's (R4.14f). */
  private SeatLeaf payFee(SeatLeaf seat, OpenedEntry entry) {
    JobLeaf job = draft.view().job(Hash.of(seat.getJobId())).orElseThrow();
    long fee = sessionFee(job, seat.getSessionEscrow(), entry.bodyBytes());
    draft.put(job.toBuilder().setEscrow(job.getEscrow() - fee).build());
    draft.addToPool(fee);
    return seat.toBuilder()
        .setSessionEscrow(seat.getSessionEscrow() - fee)
        .setCompletesUsed(seat.getCompletesUsed() | SeatRules.useBit(entry.body().getComplete()))
        .build();
  }

  /**
   * INTERIM pays its fee from the seat's main escrow and adds it to what the seat has drawn
   * (R4.14f).
   */
  private SeatLeaf payInterim(SeatLeaf seat, OpenedEntry entry) {
    JobLeaf job = draft.view().job(Hash.of(seat.getJobId())).orElseThrow();
    long fee =
        Math.min(chain.rules().fee(entry.bodyBytes()), seat.getMaxAmount() - seat.getPaidSoFar());
    draft.put(job.toBuilder().setEscrow(job.getEscrow() - fee).build());
    draft.addToPool(fee);
    return seat.toBuilder()
        .setPaidSoFar(seat.getPaidSoFar() + fee)
        .setInterimPeriodPlusOne(entry.body().getComplete().getPeriod() + 1)
        .build();
  }

  private long sessionFee(JobLeaf job, long left, int bodyBytes) {
    return Math.min(Math.min(chain.rules().fee(bodyBytes), left), job.getEscrow());
  }
}
