package org.undchain.core.job;

import org.undchain.core.value.BlockTime;

/**
 * How many stamps of others an id needs to be added (R4.12): the Dolev–Strong rule per entry, so
 * that nobody can slip an entry to some validators only.
 */
final class StageRule {
  private StageRule() {}

  /** k(t): 1 up to C_s + D, then one more for each D. */
  static int stampsNeeded(BlockTime cutoff, long stageMillis, BlockTime arrived) {
    long late = arrived.minus(cutoff);
    return late <= stageMillis ? 1 : Math.toIntExact(1 + late / stageMillis);
  }
}
