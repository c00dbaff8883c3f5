package org.undchain.bench.micro;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What one part came to: medians over all iterations.
 *
 * @param nanos of one run
 * @param allocated bytes of one run
 * @param kernelNanos of one run of the reference kernel
 * @param ratio of both, iteration by iteration
 * @param lowest ratio of an iteration
 * @param highest ratio of an iteration
 */
record Timed(
    Part part,
    double nanos,
    double allocated,
    double kernelNanos,
    double ratio,
    double lowest,
    double highest) {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  static Timed of(Part part, RunResult run) {
    List<Double> nanos = new ArrayList<>();
    List<Double> allocated = new ArrayList<>();
    List<Double> kernel = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (BenchmarkResult fork : run.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        double own = iteration.getPrimaryResult().getScore();
        double reference = secondary(iteration, KernelProfiler.RESULT);
        nanos.add(own);
        kernel.add(reference);
        ratios.add(own / reference);
        allocated.add(secondary(iteration, ALLOCATED));
      }
    }
    return new Timed(
        part,
        median(nanos),
        median(allocated),
        median(kernel),
        median(ratios),
        Collections.min(ratios),
        Collections.max(ratios));
  }

  private static double secondary(IterationResult iteration, String name) {
    Result<?> found = iteration.getSecondaryResults().get(name);
    if (found == null) {
      throw new IllegalStateException("no " + name + " in the results of an iteration");
    }
    return found.getScore();
  }

  /** The middle one; of an even number the mean of the two in the middle. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  static String head() {
    return "part                  time us     bytes/run  kernel              kernel us      ratio"
        + "  lowest..highest";
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%-16s %12.2f  %12.0f  %-18s %10.2f  %9.3f  %.3f..%.3f",
        part.label(),
        nanos / 1000,
        allocated,
        part.kernel().label(),
        kernelNanos / 1000,
        ratio,
        lowest,
        highest);
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"part\":\"%s\",\"nanos\":%.1f,\"allocatedBytes\":%.0f,\"kernel\":\"%s\","
            + "\"kernelNanos\":%.1f,\"ratio\":%.4f,\"lowest\":%.4f,\"highest\":%.4f}",
        part.label(),
        nanos,
        allocated,
        part.kernel().label(),
        kernelNanos,
        ratio,
        lowest,
        highest);
  }
}
