package org.undchain.bench.micro;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.ledger.Draft;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.message.SeatState;
import org.undchain.core.payout.PeriodBlocks;
import org.undchain.core.payout.Settlement;
import org.undchain.core.value.Hash;

/** The payout of 12 500 jobs with eight closed seats each: 100 000 rows to be paid. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PayoutBenchmark {
  private static final int JOBS = 12_500;
  private static final int SEATS = 8;
  private static final int PARTNERS = 100;
  private static final long AMOUNT = 20_000;
  private static final long MOST = 30_000;

  private final MicroChain micro = MicroChain.make();
  private final org.undchain.core.ledger.State before;

  public PayoutBenchmark() {
    Draft draft = new Draft(micro.state());
    AccountLeaf client = draft.account(MicroChain.RICH).orElseThrow();
    long escrow = JOBS * SEATS * MOST;
    draft.put(
        client.toBuilder().setBalance(client.getBalance() - escrow).setEscrowed(escrow).build());
    for (int job = 0; job < JOBS; job++) {
      Hash id = Hashes.tagged("job" + job);
      draft.put(
          JobLeaf.newBuilder()
              .setId(id.toByteString())
              .setClient(MicroChain.RICH.toByteString())
              .setSeats(SEATS)
              .setMaxPerPartner(MOST)
              .setEscrow(SEATS * MOST)
              .build());
      for (int seat = 0; seat < SEATS; seat++) {
        draft.put(closed(id, seat, (job * SEATS + seat) % PARTNERS));
      }
    }
    before = draft.finish();
    MicroChain.require(!before.root().equals(Hash.ZERO)); // hashed once, as the block before did
  }

  private static SeatLeaf closed(Hash job, int number, int partner) {
    return SeatLeaf.newBuilder()
        .setJobId(job.toByteString())
        .setSeatNo(number)
        .setContractId(Hashes.tagged("contract" + number, job.bytes()).toByteString())
        .setPartner(MicroChain.account("partner" + partner).toByteString())
        .setState(SeatState.SEAT_STATE_CLOSED_DUAL)
        .setKind(CompletionKind.COMPLETION_KIND_DUAL)
        .setMaxAmount(MOST)
        .setAmount(AMOUNT)
        .setSeq(1)
        .build();
  }

  /** The file, its root, and the root of the state after it. */
  @Benchmark
  public Hash measure() {
    Settlement.Outcome outcome =
        Settlement.settle(micro.chain(), before, 0, new PeriodBlocks(), Optional.empty());
    MicroChain.require(outcome.file().getJobsCount() == JOBS);
    return outcome.after().root();
  }
}
