package org.undchain.sim.checker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.ledger.Execution;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Close;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Micro;
import org.undchain.core.message.OpenedEntry;
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
 * S10 (I11): a seat is settled at most once, gets at most what its contract allows, and by the best
 * receipt that was on chain by then: the highest seq, of one seq a close before a micro-receipt.
 */
public final class SeatPayChecker implements Observer {
  private final ChainContext context;
  private final Map<Hash, Seat> seats = new TreeMap<>();
  private long height;

  private static final class Seat {
    final long maxAmount;
    final List<Receipt> receipts = new ArrayList<>();
    long paid;
    boolean isSettled;

    Seat(long maxAmount) {
      this.maxAmount = maxAmount;
    }

    Optional<Receipt> best() {
      return receipts.stream().max(Receipt::compareTo);
    }
  }

  private record Receipt(long seq, boolean isDual, long amount) implements Comparable<Receipt> {
    @Override
    public int compareTo(Receipt other) {
      if (seq != other.seq) {
        return Long.compare(seq, other.seq);
      }
      if (isDual != other.isDual) {
        return isDual ? 1 : -1;
      }
      return isDual ? Long.compare(other.amount, amount) : Long.compare(amount, other.amount);
    }
  }

  public SeatPayChecker(ChainContext context) {
    this.context = context;
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    if (notice instanceof ValidatorNotice.BlockCommitted committed
        && committed.block().header().getHeight() > height) {
      height = committed.block().header().getHeight();
      enter(committed.block());
      committed
          .payout()
          .ifPresent(
              file -> file.getJobsList().forEach(job -> job.getSeatsList().forEach(this::judge)));
    }
  }

  private void enter(CommittedBlock block) {
    Map<Hash, EntryResult> results = new TreeMap<>();
    for (Execution.Result result : block.results()) {
      results.put(result.id(), result.result());
    }
    for (OpenedEntry entry : block.entries()) {
      EntryResult result = results.getOrDefault(entry.id(), EntryResult.ENTRY_RESULT_UNSPECIFIED);
      boolean isTaken =
          result == EntryResult.ENTRY_RESULT_OK || result == EntryResult.ENTRY_RESULT_WORSE;
      if (isTaken && entry.body().hasStart()) {
        start(entry);
      } else if (isTaken && entry.body().hasComplete()) {
        complete(entry.body().getComplete());
      }
    }
  }

  private void start(OpenedEntry entry) {
    ByteString body = entry.body().getStart().getClientContract().getBody();
    try {
      Hash id = Envelopes.id(context, entry.body().getStart().getClientContract());
      seats.put(id, new Seat(Contract.parseFrom(body).getMaxAmount()));
    } catch (InvalidProtocolBufferException malformed) {
      throw new Violation("S10", "a START without a contract was executed");
    }
  }

  private void complete(Complete complete) {
    seat(complete.getContractId()).receipts.add(receipt(complete));
  }

  private static Receipt receipt(Complete complete) {
    ByteString body = complete.getReceipt().getBody();
    try {
      if (complete.getKind() == CompletionKind.COMPLETION_KIND_DUAL) {
        Close close = Close.parseFrom(body);
        return new Receipt(close.getFinalSeq(), true, close.getAmount());
      }
      Micro micro = Micro.parseFrom(body);
      return new Receipt(micro.getSeq(), false, micro.getCumAmount());
    } catch (InvalidProtocolBufferException malformed) {
      throw new Violation("S10", "a COMPLETE without a receipt was executed");
    }
  }

  private Seat seat(ByteString contractId) {
    Seat seat = seats.get(Hash.of(contractId));
    if (seat == null) {
      throw new Violation("S10", "no seat started under contract " + Hash.of(contractId));
    }
    return seat;
  }

  private void judge(SeatRow row) {
    Seat seat = seat(row.getContractId());
    Hash id = Hash.of(row.getContractId());
    if (seat.isSettled && row.getPaid() != 0) {
      throw new Violation("S10", "seat " + id + " is settled and paid again: " + row.getPaid());
    }
    seat.paid = Math.addExact(seat.paid, row.getPaid());
    if (row.getPaid() < 0 || seat.paid > seat.maxAmount) {
      throw new Violation(
          "S10", "seat " + id + " got " + seat.paid + " of at most " + seat.maxAmount);
    }
    if (row.getPaid() > 0) {
      long best = seat.best().map(Receipt::amount).orElse(0L);
      if (row.getAmount() != best || row.getPaid() > best) {
        throw new Violation(
            "S10",
            "seat "
                + id
                + " is paid by a receipt over "
                + row.getAmount()
                + ", the best says "
                + best);
      }
    }
    seat.isSettled |= row.getState() == SeatState.SEAT_STATE_SETTLED;
  }
}
