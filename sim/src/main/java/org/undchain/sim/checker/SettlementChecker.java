package org.undchain.sim.checker;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Execution;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.SeatRow;
import org.undchain.core.message.SeatState;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S9 (I10): every job is in the payout of each period until it ends, ends once, with each of its
 * seats settled or cancelled, and by its last period: that of startBy, of the last payout its
 * contracts may be carried over, and of the window in which a PARTIAL may be answered.
 */
public final class SettlementChecker implements Observer {
  private final Chain chain;
  private final Map<Hash, Long> lastPeriods = new TreeMap<>();
  private final Map<Hash, Hash> jobOfContract = new TreeMap<>();
  private final Set<Hash> ended = new TreeSet<>();
  private long height;

  public SettlementChecker(Chain chain) {
    this.chain = chain;
  }

  /** Jobs that ended so far. */
  public int ended() {
    return ended.size();
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    if (notice instanceof ValidatorNotice.BlockCommitted committed
        && committed.block().header().getHeight() > height) {
      height = committed.block().header().getHeight();
      enter(committed.block());
      committed.payout().ifPresent(this::judge);
    }
  }

  private void enter(CommittedBlock block) {
    Map<Hash, EntryResult> results = new HashMap<>();
    for (Execution.Result result : block.results()) {
      results.put(result.id(), result.result());
    }
    for (OpenedEntry entry : block.entries()) {
      if (results.get(entry.id()) == EntryResult.ENTRY_RESULT_OK) {
        enter(entry, block.header().getSlot());
      }
    }
  }

  private void enter(OpenedEntry entry, long slot) {
    long period = chain.calendar().periodOf(slot);
    switch (entry.body().getEntryCase()) {
      case REQUEST ->
          atLeast(entry.id(), chain.calendar().periodOf(entry.body().getRequest().getStartBy()));
      case START -> {
        Contract contract = contract(entry);
        Hash id = Envelopes.id(chain.context(), entry.body().getStart().getClientContract());
        jobOfContract.put(id, Hash.of(contract.getJobId()));
        atLeast(Hash.of(contract.getJobId()), period + contract.getMaxPeriods());
      }
      case COMPLETE -> {
        Complete complete = entry.body().getComplete();
        long window = chain.calendar().lastSlotOf(period) - chain.calendar().disputeSlots();
        if (complete.getKind() == CompletionKind.COMPLETION_KIND_PARTIAL && slot > window) {
          atLeast(jobOf(Hash.of(complete.getContractId())), period + 1);
        }
      }
      default -> {}
    }
  }

  private Hash jobOf(Hash contractId) {
    Hash job = jobOfContract.get(contractId);
    if (job == null) {
      throw new Violation("S9", "no seat started under contract " + contractId);
    }
    return job;
  }

  private void atLeast(Hash job, long period) {
    lastPeriods.merge(job, period, Math::max);
  }

  private static Contract contract(OpenedEntry start) {
    try {
      return Contract.parseFrom(start.body().getStart().getClientContract().getBody());
    } catch (InvalidProtocolBufferException malformed) {
      throw new Violation("S9", "a START without a contract was executed");
    }
  }

  private void judge(PayoutFile file) {
    long period = file.getHeader().getPeriod();
    Set<Hash> told = new TreeSet<>();
    for (JobRow row : file.getJobsList()) {
      Hash job = Hash.of(row.getJobId());
      if (!told.add(job) || ended.contains(job) || !lastPeriods.containsKey(job)) {
        throw new Violation("S9", "job " + job + " is in payout " + period + " but not open");
      }
      if (row.getCarried()) {
        if (period >= lastPeriods.get(job)) {
          throw new Violation(
              "S9", "job " + job + " is carried over its last period " + lastPeriods.get(job));
        }
      } else {
        row.getSeatsList().forEach(seat -> ends(job, seat));
        ended.add(job);
        lastPeriods.remove(job);
      }
    }
    for (Hash job : lastPeriods.keySet()) {
      if (!told.contains(job)) {
        throw new Violation("S9", "job " + job + " is open and not in payout " + period);
      }
    }
  }

  private static void ends(Hash job, SeatRow seat) {
    if (seat.getState() != SeatState.SEAT_STATE_SETTLED
        && seat.getState() != SeatState.SEAT_STATE_CANCELLED) {
      throw new Violation("S9", "job " + job + " ends with a seat that is " + seat.getState());
    }
  }
}
