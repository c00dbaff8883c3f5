package org.undchain.core.machine;

import java.util.List;
import org.undchain.core.value.BlockTime;

/**
 * A pure state machine (R0.5): called by one thread, it owns its state, reads no clock and does no
 * IO.
 *
 * <p>Effects are done in the order of the list and across calls; {@link Effect.Persist} is a
 * barrier: nothing after it, in this call or a later one, leaves the node before the record is
 * durable (I20).
 */
public interface Machine {
  List<Effect> on(BlockTime now, Event event);

  /** How full everything is that peers can fill; for metrics and for who judges the bounds. */
  default List<Load> loads() {
    return List.of();
  }
}
