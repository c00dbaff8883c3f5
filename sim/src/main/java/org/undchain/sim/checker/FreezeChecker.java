package org.undchain.sim.checker;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Vote;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * R4.20, a part of S4: the log of a validator holds its frozen file before any vote about that
 * height, so that after a restart it cannot vote for another file of its own. A PAYOUT has none.
 */
public final class FreezeChecker implements Observer {
  private final Map<NodeId, Set<Long>> frozen = new TreeMap<>();
  private final Map<NodeId, Header> newest = new TreeMap<>();

  @Override
  public void onBoot(NodeId node, boolean hasLostDisk) {
    if (hasLostDisk) {
      frozen.remove(node);
      newest.remove(node);
    }
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    switch (record.getRecordCase()) {
      case FREEZE ->
          frozen.computeIfAbsent(node, id -> new TreeSet<>()).add(record.getFreeze().getHeight());
      case BLOCK -> newest.put(node, record.getBlock().getHead().getHeader());
      case VOTE -> look(node, vote(record));
      default -> {}
    }
  }

  private void look(NodeId node, Vote vote) {
    boolean isFrozen = frozen.getOrDefault(node, Set.of()).contains(vote.getHeight());
    if (!isFrozen && !isOfPayout(node, vote)) {
      throw new Violation(
          "S4", node + " votes about height " + vote.getHeight() + " with no frozen file on disk");
    }
  }

  private boolean isOfPayout(NodeId node, Vote vote) {
    Header before = newest.getOrDefault(node, Header.getDefaultInstance());
    return before.getHeight() + 1 == vote.getHeight()
        && before.getKind() == BlockKind.BLOCK_KIND_NORMAL
        && before.getNextSlot() == before.getSlot();
  }

  private static Vote vote(LogRecord record) {
    try {
      return Vote.parseFrom(record.getVote().getVote().getBody());
    } catch (InvalidProtocolBufferException damaged) {
      throw new Violation("S4", "a durable vote does not parse");
    }
  }
}
