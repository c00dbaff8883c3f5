package org.undchain.sim.checker;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Load;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S20: nothing that peers can fill holds more than its declared bound. The one property that cannot
 * be judged from outside: machines tell their {@link Load}s.
 */
public final class LoadChecker implements Observer {
  /** Stores fill over many events; to ask after each sixteenth cost as much as the votes. */
  private static final int EVERY = 64;

  private final Function<NodeId, List<Load>> loads;
  private final Map<String, Load> fullest = new TreeMap<>();
  private long events;

  /**
   * @param loads of a node that runs; empty of one that tells none
   */
  public LoadChecker(Function<NodeId, List<Load>> loads) {
    this.loads = loads;
  }

  /** The highest load of each store that was seen. */
  public Map<String, Load> fullest() {
    return fullest;
  }

  /** Looks when a node has done with one event and before it takes the next. */
  @Override
  public void onEvent(NodeId node, BlockTime now, Event event) {
    if (++events % EVERY == 0) {
      judge(node);
    }
  }

  private void judge(NodeId node) {
    for (Load load : loads.apply(node)) {
      fullest.merge(load.store(), load, (a, b) -> a.size() >= b.size() ? a : b);
      if (load.size() > load.bound()) {
        throw new Violation(
            "S20", node + " holds " + load.size() + " of at most " + load.bound() + ": " + load);
      }
    }
  }
}
