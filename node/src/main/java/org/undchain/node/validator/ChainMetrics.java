package org.undchain.node.validator;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import org.undchain.node.runtime.Metrics;

/** Where the chain stands as one validator sees it, in numbers. */
final class ChainMetrics {
  private static final double[] COMMIT_BOUNDS = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10};
  private static final double MILLIS_PER_SECOND = 1000.0;

  private final Gauge height;
  private final Gauge slot;
  private final Gauge round;
  private final Histogram commit;

  /**
   * @param node the numbers of the node that these go with
   */
  ChainMetrics(Metrics node) {
    this.height = node.gauge("undchain_height", "Number of the newest block");
    this.slot = node.gauge("undchain_slot", "Slot of the newest block");
    this.round =
        node.gauge("undchain_decision_round", "Round in which the newest block was decided");
    this.commit =
        node.histogram("undchain_commit_seconds", "Time from cut-off to commit", COMMIT_BOUNDS);
  }

  void head(long newestHeight, long newestSlot) {
    height.set(newestHeight);
    slot.set(newestSlot);
  }

  void decided(int inRound) {
    round.set(inRound);
  }

  /**
   * @param millis from the cut-off of the block's slot
   */
  void committed(long millis) {
    commit.observe(Math.max(0, millis) / MILLIS_PER_SECOND);
  }
}
