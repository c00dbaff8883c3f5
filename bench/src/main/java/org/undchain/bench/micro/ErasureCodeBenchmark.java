package org.undchain.bench.micro;

import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.undchain.utilities.storage.ErasureCode;

/** Four parity pieces of 64 KiB of a segment of 256 KiB, and the segment back from these alone. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ErasureCodeBenchmark {
  private static final int NEEDED = 4;
  private static final int TOTAL = 8;
  private static final int PIECE = 64 << 10;

  private final ErasureCode code = new ErasureCode(NEEDED, TOTAL);
  private final byte[] data = new byte[NEEDED * PIECE];

  public ErasureCodeBenchmark() {
    new Random(1).nextBytes(data);
  }

  @Benchmark
  public byte[] measure() {
    TreeMap<Integer, byte[]> parity = new TreeMap<>();
    for (int i = NEEDED; i < TOTAL; i++) {
      parity.put(i, code.piece(i, data, PIECE));
    }
    return code.restore(parity, PIECE);
  }
}
