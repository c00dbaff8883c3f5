package org.undchain.sim.checker;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.undchain.core.machine.Load;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Violation;

/** L5: so long after all faults ended, what was full is below a tenth of its bound again. */
public final class RecedingChecker {
  /** How long that may take. */
  public static final long MILLIS = 30_000;

  private final Function<NodeId, List<Load>> loads;

  /**
   * @param loads as for {@link LoadChecker}
   */
  public RecedingChecker(Function<NodeId, List<Load>> loads) {
    this.loads = loads;
  }

  /** Small stores, such as one place per member, are full by right. */
  private static final long SMALL = 128;

  public void judge(Collection<NodeId> nodes) {
    for (NodeId node : nodes) {
      for (Load load : loads.apply(node)) {
        if (load.bound() > SMALL && load.size() * 10 >= load.bound()) {
          throw new Violation("L5", node + " is still loaded: " + load);
        }
      }
    }
  }
}
