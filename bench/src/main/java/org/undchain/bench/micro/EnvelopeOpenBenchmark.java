package org.undchain.bench.micro;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.OpenedEntry;

/** A transfer from its bytes on the wire to an opened entry: parsed, hashed, checked, decoded. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EnvelopeOpenBenchmark {
  private final MicroChain micro = MicroChain.make();
  private final SignatureCheck check = Ed25519.check(MicroChain.PROVIDER);
  private final byte[] wire =
      micro
          .transfer(MicroChain.signer("payer"), 1, MicroChain.account("payee"))
          .envelope()
          .toByteArray();

  @Benchmark
  public OpenedEntry measure() throws InvalidProtocolBufferException {
    return Envelopes.openEntry(micro.chain().context(), check, Envelope.parseFrom(wire))
        .good()
        .orElseThrow();
  }
}
