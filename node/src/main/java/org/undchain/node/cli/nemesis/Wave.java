package org.undchain.node.cli.nemesis;

import java.util.List;
import java.util.TreeSet;
import org.undchain.node.devnet.DevnetNode;

/**
 * Faults that happen at one time, to different validators: to f of them at most, or to all.
 *
 * @param waitMillis from the end of the wave before
 * @param holdMillis how long they last, at least
 */
record Wave(int number, long waitMillis, long holdMillis, List<Step> steps) {
  Wave {
    steps = List.copyOf(steps);
  }

  /** Whether the chain may stand still meanwhile. */
  boolean isHalting() {
    return steps.stream().anyMatch(step -> step.type().breadth() == FaultType.Breadth.ALL);
  }

  /** Whether somebody may have forgotten what it signed, and is silent for a while (R4.41). */
  boolean isForgetting() {
    return steps.stream().anyMatch(step -> step.type().place() == FaultType.Place.DISK);
  }

  /** Names of those of whom nothing is expected meanwhile. */
  TreeSet<String> disturbed() {
    TreeSet<String> names = new TreeSet<>();
    for (Step step : steps) {
      if (step.type().breadth() != FaultType.Breadth.NOBODY) {
        step.victims().stream().map(DevnetNode::name).forEach(names::add);
      }
    }
    return names;
  }

  String words() {
    return String.join(" + ", steps.stream().map(Step::words).toList());
  }
}
