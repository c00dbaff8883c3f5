package org.undchain.sim.checker;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.SeatState;
import org.undchain.core.rules.Calendar;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * L4: after all faults ended, a seat whose receipt both sides signed early enough before the end of
 * a period is settled in the payout of that period. A seat that was cancelled at the end of an
 * earlier one, since no COMPLETE got into a block while the faults were on (R7.12), has ended.
 */
public final class SessionsChecker implements Observer {
  /** What a COMPLETE may take from the signed receipt to its block. */
  private static final long ENOUGH_MILLIS = 30_000;

  private final Calendar calendar;
  private final Map<Hash, BlockTime> signed = new TreeMap<>();
  private final Set<Hash> ended = new TreeSet<>();
  private BlockTime healed = new BlockTime(Long.MAX_VALUE);
  private long judged = -1;

  public SessionsChecker(Calendar calendar) {
    this.calendar = calendar;
  }

  /** All faults end now. */
  public void healed(BlockTime now) {
    healed = now;
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    switch (notice) {
      case ClientNotice.ReceiptSigned receipt -> signed.putIfAbsent(receipt.contractId(), now);
      case ValidatorNotice.BlockCommitted block -> block.payout().ifPresent(this::judge);
      default -> {}
    }
  }

  private void judge(PayoutFile file) {
    long period = file.getHeader().getPeriod();
    if (period <= judged) {
      return;
    }
    judged = period;
    enter(file, SeatState.SEAT_STATE_SETTLED);
    BlockTime end = calendar.startOf(calendar.lastSlotOf(period) + 1);
    signed.forEach((contract, at) -> {
      BlockTime since = at.isBefore(healed) ? healed : at;
      if (since.millis() <= end.millis() - ENOUGH_MILLIS && !ended.contains(contract)) {
        throw new Violation(
            "L4", "seat " + contract + " has its receipt and is not settled in payout " + period);
      }
    });
    enter(file, SeatState.SEAT_STATE_CANCELLED);
  }

  private void enter(PayoutFile file, SeatState state) {
    file.getJobsList().stream()
        .flatMap(job -> job.getSeatsList().stream())
        .filter(seat -> seat.getState() == state)
        .forEach(seat -> ended.add(Hash.of(seat.getContractId())));
  }
}
