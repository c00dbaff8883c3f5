package org.undchain.bench.micro;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.undchain.core.crypto.Signer;
import org.undchain.core.job.OpenFiles;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.BlockTime;

/**
 * One lane batch of 64 entries: admitted, sealed and signed by one validator, opened and echoed by
 * another. The signatures of the entries are remembered, as those of a node are when its machine
 * asks; signing is not. Nobody waits for stamps, so no Ack is signed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LaneBatchBenchmark {
  private static final int ENTRIES = 64;
  private static final long SLOT = 1;

  private final MicroChain micro = MicroChain.make();
  private final BlockTime now = micro.chain().calendar().startOf(SLOT).plusMillis(1);
  private final Signer sender = micro.validator(0);
  private final Signer receiver = micro.validator(1);
  private final List<OpenedEntry> entries =
      IntStream.range(0, ENTRIES)
          .mapToObj(
              i -> micro.transfer(MicroChain.signer("payer" + i), 1, MicroChain.account("payee")))
          .toList();

  @Benchmark
  public List<Effect> measure() {
    Envelope sent = sealed(files(sender));
    OpenFiles others = files(receiver);
    List<Effect> out = new ArrayList<>();
    Opened batch =
        Envelopes.open(micro.chain().context(), micro.chain().signatures(), sent)
            .good()
            .orElseThrow();
    others.onLaneBatch(now, sender.id(), batch, out);
    flush(others, out);
    MicroChain.require(others.frozenIds(SLOT).size() == ENTRIES);
    return out;
  }

  private Envelope sealed(OpenFiles files) {
    List<Effect> out = new ArrayList<>();
    for (OpenedEntry entry : entries) {
      MicroChain.require(files.submit(now, sender.id(), entry, out).isAccept());
    }
    flush(files, out);
    return out.stream()
        .filter(Effect.Broadcast.class::isInstance)
        .map(effect -> ((Effect.Broadcast) effect).message())
        .findFirst()
        .orElseThrow();
  }

  /** Lets the timer ring that stamping has set. */
  private void flush(OpenFiles files, List<Effect> out) {
    TimerId timer =
        out.stream()
            .filter(Effect.SetTimer.class::isInstance)
            .map(effect -> ((Effect.SetTimer) effect).id())
            .findFirst()
            .orElseThrow();
    files.onTimer(now, timer, out);
  }

  private OpenFiles files(Signer identity) {
    OpenFiles files =
        new OpenFiles(
            micro.chain(),
            identity.id(),
            period -> Optional.of(micro.consensusKey(identity)),
            (entry, slot) -> Verdict.ACCEPT,
            entry -> List.of());
    files.advance(
        now, SLOT, slot -> Optional.of(micro.set()), slot -> slot, List.of(), new ArrayList<>());
    return files;
  }
}
