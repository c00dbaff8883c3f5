package org.undchain.core.time;

import org.undchain.core.machine.Notice;

/** What a starting node's clock must do before the next event. */
public sealed interface ClockNotice extends Notice {
  /** The clock of this node is set forward by so many milliseconds, or back if negative. */
  record Stepped(long millis) implements ClockNotice {}

  /**
   * This node's clock is that of the others as far as can be measured.
   *
   * @param spreadMillis between the clocks that were not thrown out
   */
  record Synchronised(long spreadMillis, int rounds) implements ClockNotice {}
}
