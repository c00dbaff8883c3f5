package org.undchain.sim.checker;

import org.undchain.core.machine.Event;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.rules.Calendar;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S12 (I18): no block of a slot before the cut-off of the slot on the fastest clock, and none that
 * skips into a slot which has not begun there.
 */
public final class ClockChecker implements Observer {
  private final Calendar calendar;
  private BlockTime fastest = new BlockTime(Long.MIN_VALUE);
  private long newest;

  public ClockChecker(Calendar calendar) {
    this.calendar = calendar;
  }

  @Override
  public void onEvent(NodeId node, BlockTime now, Event event) {
    fastest = now.isBefore(fastest) ? fastest : now;
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (!record.hasBlock() || record.getBlock().getHead().getHeader().getHeight() <= newest) {
      return;
    }
    Header header = record.getBlock().getHead().getHeader();
    newest = header.getHeight();
    boolean isEarly = fastest.isBefore(calendar.cutoffOf(header.getSlot()));
    boolean isSkip =
        header.getKind() == BlockKind.BLOCK_KIND_NORMAL
            && header.getNextSlot() > header.getSlot() + 1;
    if (isEarly || isSkip && fastest.isBefore(calendar.startOf(header.getNextSlot()))) {
      throw new Violation(
          "S12",
          "block "
              + newest
              + " of slot "
              + header.getSlot()
              + ", next "
              + header.getNextSlot()
              + ", while the fastest clock shows "
              + fastest.millis());
    }
  }
}
