package org.undchain.sim.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.undchain.sim.Signatures;

/** Takes faults out of a plan as long as the same invariant breaks (delta debugging). */
final class Shrinker {
  private static final int RUNS_MAX = 200;

  private final Outcome.Finding finding;
  private final Supplier<Signatures> signatures;
  private final Optional<Long> until;
  private FaultPlan plan;
  private int runs;

  Shrinker(
      FaultPlan plan,
      Outcome.Finding finding,
      Supplier<Signatures> signatures,
      Optional<Long> until) {
    this.plan = plan;
    this.finding = finding;
    this.signatures = signatures;
    this.until = until;
  }

  FaultPlan shrink() {
    int parts = 2;
    while (!plan.faults().isEmpty() && runs < RUNS_MAX) {
      if (dropOneOf(parts)) {
        parts = Math.max(2, parts - 1);
      } else if (parts >= plan.faults().size()) {
        break;
      } else {
        parts = Math.min(plan.faults().size(), parts * 2);
      }
    }
    return plan;
  }

  private boolean dropOneOf(int parts) {
    List<Fault> faults = plan.faults();
    for (int part = 0; part < parts && runs < RUNS_MAX; part++) {
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
