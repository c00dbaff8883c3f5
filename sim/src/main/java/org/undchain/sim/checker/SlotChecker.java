package org.undchain.sim.checker;

import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S12 (I12): each block is of the slot which the one before announced, and slots increase with the
 * height; a PAYOUT repeats its period's last slot.
 */
public final class SlotChecker implements Observer {
  private final TreeMap<Long, Header> chain = new TreeMap<>();

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (!record.hasBlock()) {
      return;
    }
    Header header = record.getBlock().getHead().getHeader();
    Map.Entry<Long, Header> before = chain.lowerEntry(header.getHeight());
    if (chain.putIfAbsent(header.getHeight(), header) == null && before != null) {
      judge(before.getValue(), header);
    }
  }

  private static void judge(Header before, Header header) {
    long slot = before.getSlot();
    boolean isGood =
        header.getKind() == BlockKind.BLOCK_KIND_PAYOUT
            ? header.getSlot() == slot
            : header.getSlot() > slot && header.getSlot() == before.getNextSlot();
    if (!isGood) {
      throw new Violation(
          "S12",
          "block " + header.getHeight() + " of slot " + header.getSlot() + " follows " + slot);
    }
  }
}
