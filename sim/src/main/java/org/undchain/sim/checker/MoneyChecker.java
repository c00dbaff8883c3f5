package org.undchain.sim.checker;

import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Execution;
import org.undchain.core.ledger.State;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Violation;

/**
 * I7, I8 and I11 after every block: the sum of all money in the leaves of the state is the supply,
 * and each balance, escrow and pool is what {@link ReferenceLedger} says; no seat draws more than
 * its INTERIM receipts say.
 */
public final class MoneyChecker {
  private final ReferenceLedger reference;
  private final BigInteger supply;
  private long height;

  public MoneyChecker(Chain chain) {
    this.reference = new ReferenceLedger(chain);
    this.supply = reference.sum();
  }

  public ReferenceLedger reference() {
    return reference;
  }

  /** Height of the newest block that was judged. */
  public long height() {
    return height;
  }

  /** Judges the state after a block; blocks that were judged before are passed over. */
  public void judge(CommittedBlock block, State after, Optional<PayoutFile> payout) {
    if (block.header().getHeight() <= height) {
      return;
    }
    if (block.header().getHeight() != height + 1) {
      throw new IllegalArgumentException("block " + (height + 1) + " was not shown");
    }
    height++;
    Map<Hash, EntryResult> results = new TreeMap<>();
    for (Execution.Result result : block.results()) {
      results.put(result.id(), result.result());
    }
    reference.apply(block.entries(), results);
    payout.ifPresent(reference::payout);
    equal("the reference's sum", supply, reference.sum());
    compare(after);
  }

  private void compare(State state) {
    BigInteger sum = BigInteger.valueOf(state.pools().getFeePool());
    sum = sum.add(BigInteger.valueOf(state.params().getBurnt()));
    equal("the fee pool", reference.pool(), BigInteger.valueOf(state.pools().getFeePool()));
    for (AccountLeaf account : state.all(Table.ACCOUNT, AccountLeaf.class)) {
      NodeId id = NodeId.of(account.getId());
      BigInteger balance = BigInteger.valueOf(account.getBalance());
      equal("the balance of " + id, reference.balance(id), balance);
      if (account.getBalance() < 0 || account.getBond() < 0) {
        throw new Violation("S7", "account " + id + " is below zero");
      }
      sum = sum.add(balance).add(BigInteger.valueOf(account.getBond()));
    }
    for (JobLeaf job : state.all(Table.JOB, JobLeaf.class)) {
      Hash id = Hash.of(job.getId());
      BigInteger escrow = BigInteger.valueOf(job.getEscrow());
      equal("the escrow of job " + id, reference.escrow(id), escrow);
      sum = sum.add(escrow);
    }
    for (SeatLeaf seat : state.all(Table.SEAT, SeatLeaf.class)) {
      boolean isInterim = seat.getKind() == CompletionKind.COMPLETION_KIND_INTERIM;
      if (isInterim && seat.getPaidSoFar() > seat.getAmount()) { // nothing is clawed back later
        throw new Violation(
            "S10", "a seat drew " + seat.getPaidSoFar() + " of a receipt over " + seat.getAmount());
      }
    }
    equal("the sum of all money", supply, sum);
  }

  private void equal(String what, BigInteger expected, BigInteger found) {
    if (!expected.equals(found)) {
      throw new Violation(
          "S7", "after block " + height + ' ' + what + " is " + found + ", expected " + expected);
    }
  }
}
