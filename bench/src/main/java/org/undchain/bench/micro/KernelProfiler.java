package org.undchain.bench.micro;

import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

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
    before = nanos();
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double mean = (before + nanos()) / 2;
    return List.of(new ScalarResult(RESULT, mean, "ns", AggregationPolicy.AVG));
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
