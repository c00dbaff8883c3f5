package org.undchain.sim.checker;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Block;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S1 (I1): all nodes hold the same block at each height, without a gap, and each block names the
 * one before as its parent.
 */
public final class AgreementChecker implements Observer {
  private final Hash chainId;
  private final TreeMap<Long, Header> chain = new TreeMap<>();
  private final Map<NodeId, Long> tips = new TreeMap<>();
  private final Set<NodeId> restored = new TreeSet<>();

  /**
   * @param chainId of the chain that is judged
   */
  public AgreementChecker(Hash chainId) {
    this.chainId = chainId;
  }

  /** Height of the newest block that any node holds. */
  public long height() {
    return chain.isEmpty() ? 0 : chain.lastKey();
  }

  @Override
  public void onBoot(NodeId node, boolean hasLostDisk) {
    if (hasLostDisk) {
      restored.add(node); // begins with nothing, or with as much as an old backup holds
    }
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (!record.hasBlock()) {
      return;
    }
    Block block = record.getBlock();
    Header header = block.getHead().getHeader();
    long height = header.getHeight();
    long expected = tips.getOrDefault(node, 0L) + 1;
    boolean isAnew = restored.remove(node) && height <= expected;
    if (height != expected && !isAnew) {
      throw new Violation(
          "S1", node + " holds block " + height + " where " + expected + " follows");
    }
    tips.put(node, height);
    Header known = chain.putIfAbsent(height, header);
    if (known != null && !known.equals(header)) {
      throw new Violation(
          "S1",
          "two blocks of height " + height + ":\n" + known + "\nand at " + node + "\n" + header);
    }
    if (known == null) {
      follows(header);
    }
  }

  private void follows(Header header) {
    Map.Entry<Long, Header> before = chain.lowerEntry(header.getHeight());
    Hash parent = before == null ? chainId : Hashes.sha256(Canonical.encode(before.getValue()));
    if (!Hash.of(header.getParentHash()).equals(parent)) {
      throw new Violation("S1", "block " + header.getHeight() + " does not name its parent");
    }
  }
}
