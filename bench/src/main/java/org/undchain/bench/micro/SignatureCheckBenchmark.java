package org.undchain.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;

/** The one signature rule (R0.4) over 256 bytes, by the provider that a node loads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SignatureCheckBenchmark {
  private final SignatureCheck check = Ed25519.check(MicroChain.PROVIDER);
  private final Signer signer = MicroChain.signer("signer");
  private final Bytes message = Bytes.wrap(new byte[256]);
  private final Bytes signature = signer.sign(message);

  @Benchmark
  public boolean measure() {
    return MicroChain.require(check.verify(signer.id(), message, signature));
  }
}
