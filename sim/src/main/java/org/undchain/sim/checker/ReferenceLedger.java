package org.undchain.sim.checker;

import com.google.protobuf.InvalidProtocolBufferException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.GenesisAccount;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.Request;
import org.undchain.core.message.SeatRow;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.ValidatorRow;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Violation;

/**
 * A second ledger, about money alone and in {@link BigInteger}: where every grain must be after
 * each block, told from section 5 and R4.17 without a line of the ledger it judges. Who won a
 * contested seat it takes from the results; what that costs whom it works out itself.
 */
public final class ReferenceLedger {
  private static final BigInteger BPS = BigInteger.valueOf(10_000);

  private final Chain chain;
  private final Map<NodeId, BigInteger> balances = new TreeMap<>();
  private final Map<Hash, Job> jobs = new TreeMap<>();
  private final Map<Hash, Seat> seats = new TreeMap<>();
  private BigInteger bonds = BigInteger.ZERO;
  private BigInteger pool = BigInteger.ZERO;

  private static final class Job {
    final NodeId client;
    BigInteger escrow;

    Job(NodeId client, BigInteger escrow) {
      this.client = client;
      this.escrow = escrow;
    }
  }

  private static final class Seat {
    final Job job;
    final BigInteger maxAmount;
    BigInteger sessionEscrow;
    BigInteger drawn = BigInteger.ZERO;

    Seat(Job job, BigInteger maxAmount, BigInteger sessionEscrow) {
      this.job = job;
      this.maxAmount = maxAmount;
      this.sessionEscrow = sessionEscrow;
    }
  }

  public ReferenceLedger(Chain chain) {
    this.chain = chain;
    for (GenesisAccount account : chain.genesis().getAccountsList()) {
      credit(NodeId.of(account.getId()), BigInteger.valueOf(account.getBalance()));
    }
    for (GenesisValidator validator : chain.genesis().getValidatorsList()) {
      bonds = bonds.add(BigInteger.valueOf(validator.getBond()));
    }
  }

  public Map<NodeId, BigInteger> balances() {
    return balances;
  }

  public BigInteger balance(NodeId id) {
    return balances.getOrDefault(id, BigInteger.ZERO);
  }

  public BigInteger escrow(Hash jobId) {
    Job job = jobs.get(jobId);
    return job == null ? BigInteger.ZERO : job.escrow;
  }

  public BigInteger pool() {
    return pool;
  }

  /** Bonds of the genesis: what is not a bond any more is burnt. */
  public BigInteger bonds() {
    return bonds;
  }

  /** Everything there is. */
  public BigInteger sum() {
    BigInteger sum = bonds.add(pool);
    for (BigInteger balance : balances.values()) {
      sum = sum.add(balance);
    }
    for (Job job : jobs.values()) {
      sum = sum.add(job.escrow);
    }
    return sum;
  }

  // ------------------------------------------------------------------ blocks

  /** A NORMAL block whose entries had these results. */
  public void apply(List<OpenedEntry> entries, Map<Hash, EntryResult> results) {
    List<OpenedEntry> payers = new ArrayList<>();
    for (OpenedEntry entry : entries) {
      if (nonce(entry) > 0 && results.get(entry.id()) != EntryResult.ENTRY_RESULT_KEY_USED) {
        payers.add(entry);
      }
    }
    payers.sort(
        Comparator.comparing(OpenedEntry::signer)
            .thenComparingLong(ReferenceLedger::nonce)
            .thenComparing(OpenedEntry::id));
    List<OpenedEntry> able = new ArrayList<>();
    for (OpenedEntry entry : payers) {
      BigInteger fee = fee(entry);
      BigInteger charged = fee.min(balance(entry.signer()));
      credit(entry.signer(), charged.negate());
      pool = pool.add(charged);
      if (charged.equals(fee)) {
        able.add(entry);
      } else {
        expect(entry, results, EntryResult.ENTRY_RESULT_NO_FUNDS);
      }
    }
    Map<NodeId, BigInteger> credits = new TreeMap<>();
    able.forEach(entry -> debit(entry, results, credits));
    entries.forEach(entry -> session(entry, resultOf(entry, results)));
    able.forEach(entry -> cancel(entry, resultOf(entry, results), credits));
    credits.forEach(this::credit);
  }

  private void debit(
      OpenedEntry entry, Map<Hash, EntryResult> results, Map<NodeId, BigInteger> credits) {
    EntryResult result = resultOf(entry, results);
    if (entry.body().hasTransfer()) {
      Transfer transfer = entry.body().getTransfer();
      BigInteger amount = BigInteger.valueOf(transfer.getAmount());
      if (isTaken(entry, results, amount)) {
        credits.merge(NodeId.of(transfer.getTo()), amount, BigInteger::add);
      }
    } else if (entry.body().hasRequest()) {
      Request request = entry.body().getRequest();
      BigInteger escrow =
          BigInteger.valueOf(request.getMaxPerPartner())
              .add(BigInteger.valueOf(chain.rules().sessionEscrow()))
              .multiply(BigInteger.valueOf(request.getSeats()));
      if (isTaken(entry, results, escrow)) {
        jobs.put(entry.id(), new Job(entry.signer(), escrow));
      }
    } else if (result == EntryResult.ENTRY_RESULT_NO_FUNDS) {
      throw new Violation("S7", "entry " + entry.id() + " could pay and is said to lack funds");
    }
  }

  private boolean isTaken(OpenedEntry entry, Map<Hash, EntryResult> results, BigInteger amount) {
    EntryResult result = resultOf(entry, results);
    boolean canPay = balance(entry.signer()).compareTo(amount) >= 0;
    if (result == EntryResult.ENTRY_RESULT_OK || result == EntryResult.ENTRY_RESULT_NO_FUNDS) {
      expect(
          entry, results, canPay ? EntryResult.ENTRY_RESULT_OK : EntryResult.ENTRY_RESULT_NO_FUNDS);
    }
    if (result != EntryResult.ENTRY_RESULT_OK) {
      return false;
    }
    credit(entry.signer(), amount.negate());
    return true;
  }

  private void session(OpenedEntry entry, EntryResult result) {
    if (entry.body().hasStart() && result == EntryResult.ENTRY_RESULT_OK) {
      Contract contract = contract(entry);
      Job job = job(Hash.of(contract.getJobId()));
      BigInteger escrow = BigInteger.valueOf(chain.rules().sessionEscrow());
      BigInteger fee = toPool(job, fee(entry).min(escrow));
      Hash contractId = Envelopes.id(chain.context(), entry.body().getStart().getClientContract());
      seats.put(
          contractId,
          new Seat(job, BigInteger.valueOf(contract.getMaxAmount()), escrow.subtract(fee)));
    } else if (entry.body().hasComplete()
        && (result == EntryResult.ENTRY_RESULT_OK || result == EntryResult.ENTRY_RESULT_WORSE)) {
      Complete complete = entry.body().getComplete();
      Seat seat = seat(Hash.of(complete.getContractId()));
      if (complete.getKind() == CompletionKind.COMPLETION_KIND_INTERIM) {
        BigInteger fee = fee(entry).min(seat.maxAmount.subtract(seat.drawn));
        seat.drawn = seat.drawn.add(toPool(seat.job, fee));
      } else {
        BigInteger fee = toPool(seat.job, fee(entry).min(seat.sessionEscrow));
        seat.sessionEscrow = seat.sessionEscrow.subtract(fee);
      }
    }
  }

  private BigInteger toPool(Job job, BigInteger fee) {
    job.escrow = job.escrow.subtract(fee);
    pool = pool.add(fee);
    return fee;
  }

  private void cancel(OpenedEntry entry, EntryResult result, Map<NodeId, BigInteger> credits) {
    if (entry.body().hasCancel() && result == EntryResult.ENTRY_RESULT_OK) {
      Job job = job(Hash.of(entry.body().getCancel().getJobId()));
      credits.merge(job.client, job.escrow, BigInteger::add);
      job.escrow = BigInteger.ZERO;
    }
  }

  // ------------------------------------------------------------------ payout

  /** The PAYOUT at the end of a period, whose rows say who gets what and must say it rightly. */
  public void payout(PayoutFile file) {
    Map<NodeId, BigInteger> refunds = new TreeMap<>();
    for (JobRow row : file.getJobsList()) {
      Job job = job(Hash.of(row.getJobId()));
      equal("escrow of job row", job.escrow, BigInteger.valueOf(row.getEscrow()));
      row.getSeatsList().forEach(seat -> settle(job, seat));
      if (!row.getCarried()) {
        equal("refund of job row", job.escrow, BigInteger.valueOf(row.getRefund()));
        refunds.merge(job.client, job.escrow, BigInteger::add);
        jobs.remove(Hash.of(row.getJobId()));
      }
    }
    share(file);
    refunds.forEach(this::credit);
    equal("pool after", pool, BigInteger.valueOf(file.getHeader().getPoolsAfter().getFeePool()));
  }

  private void settle(Job job, SeatRow row) {
    BigInteger paid = BigInteger.valueOf(row.getPaid());
    Seat seat = seat(Hash.of(row.getContractId()));
    BigInteger commission =
        paid.multiply(BigInteger.valueOf(chain.rules().commissionBps())).divide(BPS);
    equal("commission", commission, BigInteger.valueOf(row.getCommission()));
    seat.drawn = seat.drawn.add(paid);
    if (seat.drawn.compareTo(seat.maxAmount) > 0) {
      throw new Violation("S10", "a seat was paid more than its contract allows");
    }
    job.escrow = job.escrow.subtract(paid);
    credit(NodeId.of(row.getPartner()), paid.subtract(commission));
    pool = pool.add(commission);
  }

  /** Owner and actives; what the passives' share has no taker for stays in the pool. */
  private void share(PayoutFile file) {
    BigInteger whole = pool;
    BigInteger owner = bps(whole, chain.rules().ownerBps());
    BigInteger actives = whole.subtract(owner).subtract(bps(whole, chain.rules().passiveBps()));
    give(chain.rules().ownerKey(), owner);
    BigInteger beats = BigInteger.ZERO;
    for (ValidatorRow row : file.getValidatorsList()) {
      beats = beats.add(BigInteger.valueOf(row.getBeats()));
    }
    for (ValidatorRow row : file.getValidatorsList()) {
      BigInteger pay = BigInteger.valueOf(row.getPay());
      BigInteger most =
          beats.signum() == 0
              ? BigInteger.ZERO
              : actives.multiply(BigInteger.valueOf(row.getBeats())).divide(beats);
      if (pay.signum() != 0 && pay.compareTo(most) < 0) {
        throw new Violation("S7", "a validator got " + pay + " of its share " + most);
      }
      credit(NodeId.of(row.getId()), pay);
      pool = pool.subtract(pay);
    }
  }

  private void give(NodeId id, BigInteger share) {
    boolean mayHold =
        balances.containsKey(id)
            || share.compareTo(BigInteger.valueOf(chain.rules().existentialDeposit())) >= 0;
    if (mayHold && share.signum() > 0) {
      credit(id, share);
      pool = pool.subtract(share);
    }
  }

  // ------------------------------------------------------------------ pieces

  private void credit(NodeId id, BigInteger amount) {
    BigInteger after = balance(id).add(amount);
    if (after.signum() < 0) {
      throw new Violation("S7", "balance of " + id + " is " + after);
    }
    balances.put(id, after);
  }

  private Job job(Hash jobId) {
    Job job = jobs.get(jobId);
    if (job == null) {
      throw new Violation("I10", "business with a job that is not open: " + jobId);
    }
    return job;
  }

  private Seat seat(Hash contractId) {
    Seat seat = seats.get(contractId);
    if (seat == null) {
      throw new Violation("I10", "business with a seat that never started: " + contractId);
    }
    return seat;
  }

  private static BigInteger bps(BigInteger of, long bps) {
    return of.multiply(BigInteger.valueOf(bps)).divide(BPS);
  }

  private BigInteger fee(OpenedEntry entry) {
    return BigInteger.valueOf(chain.rules().baseFee())
        .add(
            BigInteger.valueOf(chain.rules().perByte())
                .multiply(BigInteger.valueOf(entry.bodyBytes())));
  }

  private static EntryResult resultOf(OpenedEntry entry, Map<Hash, EntryResult> results) {
    return results.getOrDefault(entry.id(), EntryResult.ENTRY_RESULT_UNSPECIFIED);
  }

  private static void expect(
      OpenedEntry entry, Map<Hash, EntryResult> results, EntryResult expected) {
    if (results.get(entry.id()) != expected) {
      throw new Violation(
          "S7",
          "entry " + entry.id() + " ended " + results.get(entry.id()) + ", expected " + expected);
    }
  }

  private static void equal(String what, BigInteger expected, BigInteger found) {
    if (!expected.equals(found)) {
      throw new Violation("S7", what + " is " + found + ", expected " + expected);
    }
  }

  private static Contract contract(OpenedEntry entry) {
    try {
      return Contract.parseFrom(entry.body().getStart().getClientContract().getBody());
    } catch (InvalidProtocolBufferException malformed) {
      throw new Violation("I4", "a START without a contract was committed");
    }
  }

  /** 0 for types without a nonce. */
  private static long nonce(OpenedEntry entry) {
    return switch (entry.body().getEntryCase()) {
      case REQUEST -> entry.body().getRequest().getNonce();
      case CANCEL -> entry.body().getCancel().getNonce();
      case TRANSFER -> entry.body().getTransfer().getNonce();
      case ALIAS -> entry.body().getAlias().getNonce();
      case START, COMPLETE, BEAT, EVIDENCE, ENTRY_NOT_SET -> 0;
    };
  }
}
