package org.undchain.sim.checker;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.undchain.core.machine.Event;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * L9: a minute after all faults ended, or after everybody started, the clocks by which validators
 * act are at most 200 ms apart. Block time is no more than that yet: what a validator comes to when
 * it starts (R3.1).
 */
public final class SpreadChecker implements Observer {
  /** How long the clocks may take to come together. */
  public static final long MILLIS = 60_000;

  private static final long SPREAD_MILLIS = 200;

  private final Supplier<BlockTime> trueTime;
  private final Map<NodeId, Long> offsets = new TreeMap<>();

  /**
   * @param trueTime the only clock of the world that is right
   */
  public SpreadChecker(Supplier<BlockTime> trueTime) {
    this.trueTime = trueTime;
  }

  @Override
  public void onEvent(NodeId node, BlockTime now, Event event) {
    offsets.put(node, now.minus(trueTime.get()));
  }

  public void judge(Collection<NodeId> validators) {
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    for (NodeId node : validators) {
      long offset = offsets.getOrDefault(node, 0L);
      low = Math.min(low, offset);
      high = Math.max(high, offset);
    }
    if (!validators.isEmpty() && high - low > SPREAD_MILLIS) {
      throw new Violation("L9", "the clocks are " + (high - low) + " ms apart: " + offsets);
    }
  }
}
