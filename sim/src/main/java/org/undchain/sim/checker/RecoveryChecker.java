package org.undchain.sim.checker;

import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.LogRecord;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S25: wherever a node was stopped, it begins again at the newest block of its durable log and in
 * the state which that block came to everywhere else. Not for nodes that lost their log.
 */
public final class RecoveryChecker implements Observer {
  private final Map<NodeId, Long> durable = new TreeMap<>();
  private final Map<Long, Hash> roots = new TreeMap<>();

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (record.hasBlock()) {
      durable.put(node, record.getBlock().getHead().getHeader().getHeight());
    }
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    switch (notice) {
      case ValidatorNotice.BlockCommitted block ->
          compare(node, block.block().header().getHeight(), block.after().root());
      case ValidatorNotice.Began began -> {
        long expected = durable.getOrDefault(node, began.height());
        if (began.height() != expected) {
          throw new Violation(
              "S25", node + " begins at " + began.height() + ", its log ends at " + expected);
        }
        compare(node, began.height(), began.state().root());
      }
      default -> {}
    }
  }

  private void compare(NodeId node, long height, Hash root) {
    Hash known = roots.computeIfAbsent(height, unseen -> root);
    if (!known.equals(root)) {
      throw new Violation("S25", node + " is in another state after block " + height);
    }
  }
}
