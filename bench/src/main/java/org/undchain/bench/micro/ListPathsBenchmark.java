package org.undchain.bench.micro;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.job.LaneHeaders;
import org.undchain.core.value.Bytes;

/** Root and all paths of a list of 256 leaves (R0.7): the stamps of a full lane batch. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ListPathsBenchmark {
  private final List<Bytes> leaves =
      IntStream.range(0, 256)
          .mapToObj(i -> LaneHeaders.leaf(Hashes.tagged("id" + i), true))
          .toList();

  @Benchmark
  public void measure(Blackhole sink) {
    MerkleList.Tree tree = MerkleList.tree(leaves);
    sink.consume(tree.root());
    for (int i = 0; i < leaves.size(); i++) {
      sink.consume(tree.path(i));
    }
  }
}
