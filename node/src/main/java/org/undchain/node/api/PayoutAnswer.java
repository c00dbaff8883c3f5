package org.undchain.node.api;

import java.util.ArrayList;
import java.util.List;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.SeatRow;
import org.undchain.core.message.ValidatorRow;
import org.undchain.core.value.Address;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Grains;
import org.undchain.core.value.NodeId;
import org.undchain.node.json.Json;

/**
 * Who got how much of one payout and why. {@code inGrains} is what the payout took: out of escrows
 * for settled seats and refunds, and out of the fee pool by its difference; {@code outGrains} is
 * the sum of the rows. The owner's share stands in no row of the file, so it is worked out by its
 * rule, and the two sums agree only if the pool's difference agrees with it (section 5, I7).
 */
final class PayoutAnswer {
  private final Chain chain;
  private final ClosedPeriod period;
  private final List<Json.Obj> rows = new ArrayList<>();
  private long in;
  private long out;
  private long commissions;

  private PayoutAnswer(Chain chain, ClosedPeriod period) {
    this.chain = chain;
    this.period = period;
  }

  static Json.Builder of(Chain chain, ClosedPeriod period) {
    return new PayoutAnswer(chain, period).answer();
  }

  private Json.Builder answer() {
    long poolBefore = period.header().getPoolsBefore().getFeePool();
    long poolAfter = period.header().getPoolsAfter().getFeePool();
    in = Math.subtractExact(poolBefore, poolAfter);
    period.jobs().forEach(this::job);
    long paid = 0;
    for (ValidatorRow row : period.validators()) {
      paid = Math.addExact(paid, row.getPay());
      row(NodeId.of(row.getId()), row.getPay(), "validator: " + row.getBeats() + " beats");
    }
    owner(Math.addExact(poolBefore, commissions), paid, poolAfter);
    return Json.object()
        .putInt64("period", period.number())
        .putInt64("height", period.height())
        .put("rows", rows)
        .putInt64("inGrains", in)
        .putInt64("outGrains", out)
        .putInt64("poolBeforeGrains", poolBefore)
        .putInt64("poolAfterGrains", poolAfter)
        .put("hash", period.payoutRoot().hex());
  }

  private void job(JobRow job) {
    String id = Bytes.of(job.getJobId()).hex();
    for (SeatRow seat : job.getSeatsList()) {
      in = Math.addExact(in, seat.getPaid());
      commissions = Math.addExact(commissions, seat.getCommission());
      row(
          NodeId.of(seat.getPartner()),
          seat.getPaid() - seat.getCommission(),
          "partner: seat " + seat.getSeatNo() + " of job " + id);
    }
    in = Math.addExact(in, job.getRefund());
    row(NodeId.of(job.getClient()), job.getRefund(), "refund: job " + id);
  }

  /** The owner gets a share of the pool, or nothing while that is too little for an account. */
  private void owner(long pool, long paid, long poolAfter) {
    long share = Grains.share(pool, chain.rules().ownerBps());
    if (pool - paid - poolAfter == share) {
      row(chain.rules().ownerKey(), share, "owner: " + chain.rules().ownerBps() + " bps");
    }
  }

  private void row(NodeId account, long amount, String why) {
    if (amount == 0) {
      return;
    }
    out = Math.addExact(out, amount);
    rows.add(
        Json.object()
            .put("account", Address.of(account))
            .putInt64("amountGrains", amount)
            .put("why", why)
            .build());
  }
}
