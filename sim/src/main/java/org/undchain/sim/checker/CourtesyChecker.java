package org.undchain.sim.checker;

import java.util.function.Predicate;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S16: what one honest node says every honest node takes; none is cut off for breaking a rule that
 * no honest peer breaks. Not for networks that change bytes under way.
 */
public final class CourtesyChecker implements Observer {
  private final Predicate<NodeId> isGuilty;

  /**
   * @param isGuilty nodes of which nothing is promised
   */
  public CourtesyChecker(Predicate<NodeId> isGuilty) {
    this.isGuilty = isGuilty;
  }

  @Override
  public void onDisconnect(NodeId node, NodeId peer, String why) {
    if (!isGuilty.test(node) && !isGuilty.test(peer)) {
      throw new Violation("S16", node + " disconnects the honest " + peer + ": " + why);
    }
  }
}
