package org.undchain.sim.checker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.undchain.core.message.Block;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/** I6: every entry is committed at most once, and the ids of a block are ascending. */
public final class OnceChecker implements Observer {
  private final ChainContext context;
  private final Map<Hash, Long> committed = new HashMap<>();
  private final Map<Long, List<Envelope>> seen = new HashMap<>();

  public OnceChecker(ChainContext context) {
    this.context = context;
  }

  /** Height at which an entry was committed. */
  public Optional<Long> heightOf(Hash entryId) {
    return Optional.ofNullable(committed.get(entryId));
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (!record.hasBlock()) {
      return;
    }
    Block block = record.getBlock();
    long height = block.getHead().getHeader().getHeight();
    if (block.getEntriesList().equals(seen.put(height, block.getEntriesList()))) {
      return; // another node keeps the same block
    }
    Hash before = Hash.ZERO;
    for (Envelope entry : block.getEntriesList()) {
      Hash id = Envelopes.id(context, entry);
      if (before.compareTo(id) >= 0) {
        throw new Violation("S6", "ids of block " + height + " do not ascend at " + id);
      }
      before = id;
      long first = committed.computeIfAbsent(id, unseen -> height);
      if (first != height) {
        throw new Violation("S6", "entry " + id + " is in block " + first + " and " + height);
      }
    }
  }
}
