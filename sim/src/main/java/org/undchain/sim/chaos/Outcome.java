package org.undchain.sim.chaos;

import java.util.Optional;
import java.util.Set;

/**
 * What came of one run.
 *
 * @param healMillis from the end of the chaos to the first new block, −1 if liveness was not asked
 */
public record Outcome(
    FaultPlan plan,
    long millis,
    long blocks,
    long laterRounds,
    long acked,
    long events,
    long healMillis,
    Set<FaultKind> used,
    Set<Mark> marks,
    long traceHash,
    Optional<Finding> finding) {

  /**
   * A violation.
   *
   * @param invariant its name, such as "S1"
   * @param report invariant, virtual time and the last events of every node
   */
  public record Finding(String invariant, String report) {}
}
