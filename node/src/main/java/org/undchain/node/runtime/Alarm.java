package org.undchain.node.runtime;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.machine.TimerId;
import org.undchain.core.value.BlockTime;

/**
 * The timers of one machine by block time. Owned by the loop's thread, which waits for the next.
 */
final class Alarm {
  private final Map<TimerId, BlockTime> dues = new TreeMap<>();
  private final TreeSet<Due> order =
      new TreeSet<>(Comparator.comparing(Due::at).thenComparing(Due::id));

  private record Due(BlockTime at, TimerId id) {}

  /** Replaces a timer of the same id. */
  void set(TimerId id, BlockTime at) {
    cancel(id);
    dues.put(id, at);
    order.add(new Due(at, id));
  }

  void cancel(TimerId id) {
    BlockTime before = dues.remove(id);
    if (before != null) {
      order.remove(new Due(before, id));
    }
  }

  Optional<BlockTime> next() {
    return order.isEmpty() ? Optional.empty() : Optional.of(order.first().at());
  }

  /** Takes the earliest timer that is due. */
  Optional<TimerId> due(BlockTime now) {
    if (order.isEmpty() || now.isBefore(order.first().at())) {
      return Optional.empty();
    }
    TimerId id = order.first().id();
    cancel(id);
    return Optional.of(id);
  }
}
