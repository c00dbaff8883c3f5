package org.undchain.sim.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.undchain.sim.Signatures;

/**
 * Takes faults out of a plan as long as the same invariant breaks (delta debugging). What broke in
 * the chaos is looked for in the chaos only, shortly beyond its first time: so a run that does not
 * break any more costs no healing and no replay.
 */
final class Shrinker {
  private static final int RUNS_MAX = 200;
  private static final long LATER_MILLIS = 20_000;

  private final Outcome.Finding finding;
  private final Supplier<Signatures> signatures;
  private final Optional<Long> until;
  private final long deadlineNanos;
  private final Consumer<String> progress;
  private FaultPlan plan;
  private int runs;

  /**
   * @param first the run that broke
   * @param until virtual milliseconds after which every run is broken off, if any
   * @param deadlineNanos of {@link System#nanoTime}: then what was reached has to do
   * @param progress is told what is left, after each step
   */
  Shrinker(
      Outcome first,
      Outcome.Finding finding,
      Supplier<Signatures> signatures,
      Optional<Long> until,
      long deadlineNanos,
      Consumer<String> progress) {
    this.plan = first.plan();
    this.finding = finding;
    this.signatures = signatures;
    boolean isOfChaos = first.millis() < plan.swarm().chaosMillis();
    this.until = isOfChaos ? Optional.of(first.millis() + LATER_MILLIS) : until;
    this.deadlineNanos = deadlineNanos;
    this.progress = progress;
  }

  FaultPlan shrink() {
    int parts = 2;
    while (!plan.faults().isEmpty() && hasTime()) {
      if (dropOneOf(parts)) {
        parts = Math.max(2, parts - 1);
        progress.accept("%d faults left after %d runs".formatted(plan.faults().size(), runs));
      } else if (parts >= plan.faults().size()) {
        break;
      } else {
        parts = Math.min(plan.faults().size(), parts * 2);
      }
    }
    return plan;
  }

  private boolean hasTime() {
    return runs < RUNS_MAX && System.nanoTime() < deadlineNanos;
  }

  private boolean dropOneOf(int parts) {
    List<Fault> faults = plan.faults();
    for (int part = 0; part < parts && hasTime(); part++) {
      int from = faults.size() * part / parts;
      int to = faults.size() * (part + 1) / parts;
      List<Fault> dropped = new ArrayList<>(faults.subList(from, to));
      FaultPlan smaller = plan.keeping(fault -> !dropped.contains(fault));
      if (!dropped.isEmpty() && stillBreaks(smaller)) {
        plan = smaller;
        return true;
      }
    }
    return false;
  }

  private boolean stillBreaks(FaultPlan smaller) {
    runs++;
    return Run.play(smaller, signatures.get(), until, Optional.empty())
        .finding()
        .filter(it -> it.invariant().equals(finding.invariant()))
        .isPresent();
  }
}
