package org.undchain.sim;

import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** What will happen, ordered by time and, at one time, by who asked first: there are no ties. */
final class EventQueue {
  private static final int EVENTS_MAX = 20_000_000;

  private final PriorityQueue<Planned> heap =
      new PriorityQueue<>(
          Comparator.comparingLong(Planned::atMicros).thenComparingLong(Planned::sequence));
  private long sequence;

  record Planned(long atMicros, long sequence, Runnable action) {}

  void add(long atMicros, Runnable action) {
    if (heap.size() == EVENTS_MAX) {
      throw new IllegalStateException("more than " + EVENTS_MAX + " events wait: a storm");
    }
    heap.add(new Planned(atMicros, sequence++, action));
  }

  Optional<Planned> pollUntil(long lastMicros) {
    Planned first = heap.peek();
    if (first == null || first.atMicros() > lastMicros) {
      return Optional.empty();
    }
    return Optional.of(heap.remove());
  }
}
