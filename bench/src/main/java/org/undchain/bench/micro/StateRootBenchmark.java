package org.undchain.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.undchain.core.ledger.Draft;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The state root after a block that changes 1 000 of a million accounts. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StateRootBenchmark {
  private static final int ACCOUNTS = 1_000_000;
  private static final int CHANGES = 1000;
  private static final long BALANCE = 1_000_000;

  private final org.undchain.core.ledger.State before;
  private final NodeId[] changed = new NodeId[CHANGES];

  public StateRootBenchmark() {
    MicroChain micro = MicroChain.make();
    Draft draft = new Draft(micro.state());
    AccountLeaf rich = draft.account(MicroChain.RICH).orElseThrow();
    draft.put(rich.toBuilder().setBalance(rich.getBalance() - ACCOUNTS * BALANCE).build());
    for (int i = 0; i < ACCOUNTS; i++) {
      NodeId id = MicroChain.account("account" + i);
      draft.credit(id, BALANCE);
      if (i < CHANGES) {
        changed[i] = id;
      }
    }
    before = draft.finish();
    MicroChain.require(!before.root().equals(Hash.ZERO)); // hashed once, as the block before did
  }

  /** Half of them send a grain to the other half. */
  @Benchmark
  public Hash measure() {
    Draft draft = new Draft(before);
    for (int i = 0; i < CHANGES; i++) {
      draft.credit(changed[i], i % 2 == 0 ? 1 : -1);
    }
    return draft.finish().root();
  }
}
