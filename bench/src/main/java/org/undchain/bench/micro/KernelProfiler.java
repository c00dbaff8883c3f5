package org.undchain.bench.micro;

import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Times a kernel right before and right after each iteration, in the JVM and on the thread class of
 * the measured part, so that both see the same neighbours on the machine.
 */
public final class KernelProfiler implements InternalProfiler {
  /** Under this name the nanoseconds of a run of the kernel stand in the results. */
  static final String RESULT = "kernel";

  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int WINDOWS = 6;

  private final Runnable kernel;
  private double before;

  /**
   * @param name of a {@link Kernel}, as the runner hands it on
   */
  public KernelProfiler(String name) throws GeneralSecurityException {
    this.kernel = Kernel.valueOf(name).ready();
  }

  @Override
  public String getDescription() {
    return "nanoseconds of a reference kernel beside each iteration";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = best();
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double best = Math.min(before, best());
    return List.of(new ScalarResult(RESULT, best, "ns", AggregationPolicy.AVG));
  }

  private double best() {
    return IntStream.range(0, WINDOWS).mapToDouble(window -> nanos()).min().orElseThrow();
  }

  private double nanos() {
    long begin = System.nanoTime();
    long runs = 0;
    long now = begin;
    while (now - begin < WINDOW_NANOS) {
      kernel.run();
      runs++;
      now = System.nanoTime();
    }
    return (now - begin) / (double) runs;
  }
}
