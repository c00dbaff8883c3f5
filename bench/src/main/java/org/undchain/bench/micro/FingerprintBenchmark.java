package org.undchain.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.value.Hash;

/** 64 more ids in a set of 8 192, and its fingerprint (R0.7): what every lane batch carries. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FingerprintBenchmark {
  private static final int SIZE = 8192;
  private static final int ADDED = 64;

  private final RadixTree<Boolean> before;
  private final Hash[] added = new Hash[ADDED];

  public FingerprintBenchmark() {
    RadixTree<Boolean> set = RadixTree.empty();
    for (int i = 0; i < SIZE; i++) {
      set = set.withMember(Hashes.tagged("id" + i), Boolean.TRUE);
    }
    MicroChain.require(!set.root().equals(Hash.ZERO)); // hashed once, as the batch before did
    before = set;
    for (int i = 0; i < ADDED; i++) {
      added[i] = Hashes.tagged("new" + i);
    }
  }

  @Benchmark
  public Hash measure() {
    RadixTree<Boolean> set = before;
    for (Hash id : added) {
      set = set.withMember(id, Boolean.TRUE);
    }
    return set.root();
  }
}
