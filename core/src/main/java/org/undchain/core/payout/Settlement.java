package org.undchain.core.payout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.ledger.ActiveValidators;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Draft;
import org.undchain.core.ledger.State;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.ParamsLeaf;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.PayoutHeader;
import org.undchain.core.message.PoolsLeaf;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.message.SeatRow;
import org.undchain.core.message.SeatState;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SetMember;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.message.ValidatorRow;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The payout at the end of a period (R7.10–R7.12, R12.1, section 5 "order at the payout"): a
 * function of the state and the blocks of the period, so every validator computes the same file and
 * the vote on it is unanimous.
 */
public final class Settlement {
  private final Chain chain;
  private final State before;
  private final Draft draft;
  private final long period;
  private final long lastSlot;
  private final Map<NodeId, Long> refunds = new TreeMap<>();

  /** What the PAYOUT block does. */
  public record Outcome(State after, PayoutFile file, Hash payoutRoot) {}

  private Settlement(Chain chain, State before, long period) {
    this.chain = chain;
    this.before = before;
    this.draft = new Draft(before);
    this.period = period;
    this.lastSlot = chain.calendar().lastSlotOf(period);
  }

  public static Outcome settle(
      Chain chain, State before, long period, PeriodBlocks blocks, Optional<SetCert> nextSet) {
    return new Settlement(chain, before, period).run(blocks, nextSet);
  }

  private Outcome run(PeriodBlocks blocks, Optional<SetCert> nextSet) {
    PoolsLeaf poolsBefore = before.pools();
    List<JobRow> jobs = new ArrayList<>();
    for (Hash jobId : before.openJobs()) {
      jobs.add(settleJob(before.job(jobId).orElseThrow()));
    }
    List<ValidatorRow> validators = shareOutPool();
    refunds.forEach(draft::credit);
    nextSet.ifPresent(this::beginNextPeriod);
    PayoutHeader header =
        PayoutHeader.newBuilder()
            .setChainId(chain.context().chainId().toByteString())
            .setPeriod(period)
            .setFirstSlot(chain.calendar().firstSlotOf(period))
            .setLastSlot(lastSlot)
            .setPoolsBefore(poolsBefore)
            .setPoolsAfter(draft.view().pools())
            .build();
    PayoutFile file =
        blocks.fill(
            PayoutFile.newBuilder()
                .setHeader(header)
                .addAllJobs(jobs)
                .addAllValidators(validators));
    return new Outcome(draft.finish(), file, PayoutRoot.of(file));
  }

  // --- seats and jobs
  // -----------------------------------------------------------------------------

  private JobRow settleJob(JobLeaf job) {
    JobRow.Builder row =
        JobRow.newBuilder()
            .setJobId(job.getId())
            .setClient(job.getClient())
            .setUtility(job.getUtility())
            .setRequestSlot(job.getRequestSlot())
            .setEscrow(job.getEscrow())
            .setFee(job.getFee())
            .setCancelled(job.getCancelled());
    JobLeaf left = job;
    boolean isCarried = !job.getCancelled() && job.getStartBy() > lastSlot;
    for (SeatLeaf seat : before.seats(job)) {
      Settled settled = settleSeat(seat);
      left = left.toBuilder().setEscrow(left.getEscrow() - settled.row().getPaid()).build();
      draft.put(left);
      draft.put(settled.after());
      pay(settled);
      isCarried |= settled.isCarried();
      row.addSeats(settled.row());
    }
    if (isCarried) {
      return row.setCarried(true).build();
    }
    boolean isAnyStarted = row.getSeatsCount() > 0;
    end(left);
    return row.setRefund(left.getEscrow())
        .setCancelled(job.getCancelled() || !isAnyStarted)
        .build();
  }

  private record Settled(SeatLeaf after, SeatRow row, boolean isCarried) {}

  private Settled settleSeat(SeatLeaf seat) {
    return switch (seat.getState()) {
      case SEAT_STATE_CLOSED_DUAL -> paid(seat);
      case SEAT_STATE_CLOSED_PARTIAL ->
          seat.getCloseSlot() > lastSlot - chain.calendar().disputeSlots()
              ? carried(seat)
              : paid(seat); // R7.10
      case SEAT_STATE_STARTED -> started(seat);
      case SEAT_STATE_SETTLED, SEAT_STATE_CANCELLED -> new Settled(seat, row(seat, 0, 0), false);
      case SEAT_STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalStateException("seat without a state");
    };
  }

  /** R7.11: a settlement pays max(0, amount − paidSoFar). */
  private Settled paid(SeatLeaf seat) {
    long pay = Math.max(0, seat.getAmount() - seat.getPaidSoFar());
    SeatLeaf after =
        seat.toBuilder()
            .setState(SeatState.SEAT_STATE_SETTLED)
            .setPaidSoFar(Math.addExact(seat.getPaidSoFar(), pay))
            .build();
    return new Settled(
        after, row(after, pay, Grains.share(pay, chain.rules().commissionBps())), false);
  }

  /**
   * R7.11, R7.12: a running seat goes on if it was active late in the period, else it is cancelled.
   */
  private Settled started(SeatLeaf seat) {
    long carryFrom = lastSlot + 1 - chain.calendar().carrySlots();
    boolean isActive = seat.getLastActivitySlot() >= carryFrom || seat.getEndSlot() >= carryFrom;
    boolean mayCarry = isActive && seat.getPeriodsCarried() < seat.getMaxPeriods();
    if (!mayCarry) {
      SeatLeaf after = seat.toBuilder().setState(SeatState.SEAT_STATE_CANCELLED).build();
      return new Settled(after, row(after, 0, 0), false);
    }
    SeatLeaf counted = seat.toBuilder().setPeriodsCarried(seat.getPeriodsCarried() + 1).build();
    if (seat.getInterimPeriodPlusOne() != period + 1) {
      return carried(counted);
    }
    long pay = Math.max(0, seat.getAmount() - seat.getPaidSoFar());
    SeatLeaf after =
        counted.toBuilder().setPaidSoFar(Math.addExact(seat.getPaidSoFar(), pay)).build();
    return new Settled(
        after, row(after, pay, Grains.share(pay, chain.rules().commissionBps())), true);
  }

  private static Settled carried(SeatLeaf seat) {
    return new Settled(seat, row(seat, 0, 0), true);
  }

  private void pay(Settled settled) {
    long paid = settled.row().getPaid();
    if (paid == 0) {
      return;
    }
    NodeId partner = NodeId.of(settled.after().getPartner());
    draft.credit(partner, paid - settled.row().getCommission());
    draft.addToPool(settled.row().getCommission());
    AccountLeaf account = draft.account(partner).orElseThrow();
    boolean isFirst = account.getTenure() == 0 || account.getLastActivePeriod() != period;
    if (isFirst) {
      draft.put(
          account.toBuilder()
              .setTenure(account.getTenure() + 1)
              .setLastActivePeriod(period)
              .build());
    }
  }

  /** Refunds wait for step (4) of the order; the leaves go now. */
  private void end(JobLeaf job) {
    NodeId client = NodeId.of(job.getClient());
    long refund = job.getEscrow();
    draft.put(job.toBuilder().setEscrow(0).build());
    draft.addToPool(refund); // held there until all shares are out, so no grain is ever nowhere
    refunds.merge(client, refund, Math::addExact);
    long taken =
        Math.multiplyExact(
            job.getSeats(), Math.addExact(job.getMaxPerPartner(), job.getSessionFeePerSeat()));
    draft
        .account(client)
        .filter(account -> !job.getCancelled())
        .ifPresent(account ->
            draft.put(account.toBuilder().setEscrowed(account.getEscrowed() - taken).build()));
    draft.remove(draft.view().job(Hash.of(job.getId())).orElseThrow());
  }

  private static SeatRow row(SeatLeaf seat, long paid, long commission) {
    return SeatRow.newBuilder()
        .setSeatNo(seat.getSeatNo())
        .setPartner(seat.getPartner())
        .setStartSlot(seat.getStartSlot())
        .setEndSlot(seat.getCloseSlot())
        .setLastSeq(seat.getSeq())
        .setKind(seat.getKind())
        .setAmount(seat.getAmount())
        .setPaid(paid)
        .setCommission(commission)
        .setEvidenceHash(seat.getEvidenceHash())
        .setState(seat.getState())
        .setContractId(seat.getContractId())
        .setUnits(seat.getUnits())
        .build();
  }

  // --- shares of the pool
  // -------------------------------------------------------------------------

  /**
   * Owner, passives by accepted duties, actives by beats; what has no taker stays in the pool
   * (section 5).
   */
  private List<ValidatorRow> shareOutPool() {
    long held = refunds.values().stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
    long pool = draft.view().pools().getFeePool() - held;
    long toOwner =
        creditIfAccount(chain.rules().ownerKey(), Grains.share(pool, chain.rules().ownerBps()));
    long passives = Grains.share(pool, chain.rules().passiveBps());
    long toActives = pool - Grains.share(pool, chain.rules().ownerBps()) - passives;
    List<ValidatorLeaf> leaves = new ArrayList<>();
    for (NodeId id : ActiveValidators.all(chain)) {
      draft.view().validator(id).ifPresent(leaves::add);
    }
    long beats =
        leaves.stream()
            .filter(leaf -> leaf.getActive() && !leaf.getJailed())
            .mapToLong(ValidatorLeaf::getBeatsIncluded)
            .sum();
    List<ValidatorRow> rows = new ArrayList<>();
    long spent = toOwner;
    for (ValidatorLeaf leaf : leaves) {
      boolean isPaid = beats > 0 && leaf.getActive() && !leaf.getJailed();
      long share = isPaid ? Grains.portion(toActives, leaf.getBeatsIncluded(), beats) : 0;
      long pay = creditIfAccount(NodeId.of(leaf.getId()), share);
      spent = Math.addExact(spent, pay);
      rows.add(
          ValidatorRow.newBuilder()
              .setId(leaf.getId())
              .setBeats(leaf.getBeatsIncluded())
              .setDuties(leaf.getDuties())
              .setEvidence(leaf.getEvidenceCount())
              .setPay(pay)
              .build());
    }
    draft.addToPool(-Math.addExact(spent, held));
    return rows;
  }

  /** Credits a share, unless it would make an account below the existential deposit. */
  private long creditIfAccount(NodeId id, long share) {
    boolean mayHold = draft.account(id).isPresent() || share >= chain.rules().existentialDeposit();
    if (share == 0 || !mayHold) {
      return 0;
    }
    draft.credit(id, share);
    return share;
  }

  // --- the next period
  // ----------------------------------------------------------------------------

  private void beginNextPeriod(SetCert next) {
    for (NodeId id : ActiveValidators.all(chain)) {
      draft.view().validator(id).ifPresent(leaf -> draft.put(renewed(leaf, next)));
    }
    ParamsLeaf params = draft.view().params();
    draft.put(
        params.toBuilder()
            .setPeriod(period + 1)
            .setSetHash(Hashes.sha256(Canonical.encode(next)).toByteString())
            .build());
  }

  private ValidatorLeaf renewed(ValidatorLeaf leaf, SetCert next) {
    Optional<SetMember> member =
        next.getMembersList().stream()
            .filter(found -> found.getId().equals(leaf.getId()))
            .findFirst();
    ValidatorLeaf.Builder after =
        leaf.toBuilder()
            .setBeatsIncluded(0)
            .setDuties(0)
            .setEvidenceCount(0)
            .setActive(member.isPresent());
    if (leaf.getJailed() && leaf.getJailedUntilPeriod() <= period + 1) {
      after.setJailed(false).setJailedUntilPeriod(0);
    }
    member.ifPresent(found -> {
      if (!found.getConsensusKey().equals(leaf.getConsensusKey())) {
        keepOldKey(after, leaf);
      }
      after.setConsensusKey(found.getConsensusKey());
      // A tip that stays is that of a chain of which nothing counts yet: its owner announced none.
      after.setBeatTip(found.getBeatTip()).setNextBeat(chain.calendar().beatOf(lastSlot + 1));
    });
    return after.clearNextConsensusKey().clearNextBeatTip().build();
  }

  /** Evidence is admissible for 84 periods (R4.31). */
  private static void keepOldKey(ValidatorLeaf.Builder after, ValidatorLeaf leaf) {
    List<com.google.protobuf.ByteString> keys = new ArrayList<>(leaf.getOldConsensusKeysList());
    keys.add(leaf.getConsensusKey());
    while (keys.size() > 84) {
      keys.removeFirst();
    }
    after.clearOldConsensusKeys().addAllOldConsensusKeys(keys);
  }
}
