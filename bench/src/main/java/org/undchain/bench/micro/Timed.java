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
 * What one part came to. Neighbours on the machine and a compiler that is not done yet only make
 * things slower, so the ratio is that of the best iteration to the best window of the kernel.
 *
 * @param best nanoseconds of one run in the best iteration
 * @param median of all iterations
 * @param allocated bytes of one run, median
 * @param kernelBest nanoseconds of one run of the kernel in its best window
 */
record Timed(Part part, double best, double median, double allocated, double kernelBest) {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  static Timed of(Part part, RunResult run) {
    List<Double> nanos = new ArrayList<>();
    List<Double> allocated = new ArrayList<>();
    List<Double> kernel = new ArrayList<>();
    for (BenchmarkResult fork : run.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        nanos.add(iteration.getPrimaryResult().getScore());
        kernel.add(secondary(iteration, KernelProfiler.RESULT));
        allocated.add(secondary(iteration, ALLOCATED));
      }
    }
    return new Timed(
        part, Collections.min(nanos), median(nanos), median(allocated), Collections.min(kernel));
  }

  /** Runs of the kernel that take as long as one run of the part. */
  double ratio() {
    return best / kernelBest;
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
    return "part                 best us     median us     bytes/run  kernel                  us"
        + "      ratio";
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%-16s %11.2f  %12.2f  %12.0f  %-18s %7.2f  %9.3f",
        part.label(),
        best / 1000,
        median / 1000,
        allocated,
        part.kernel().label(),
        kernelBest / 1000,
        ratio());
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"part\":\"%s\",\"bestNanos\":%.1f,\"medianNanos\":%.1f,\"allocatedBytes\":%.0f,"
            + "\"kernel\":\"%s\",\"kernelBestNanos\":%.1f,\"ratio\":%.4f}",
        part.label(),
        best,
        median,
        allocated,
        part.kernel().label(),
        kernelBest,
        ratio());
  }
}
