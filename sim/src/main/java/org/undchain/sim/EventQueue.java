package org.undchain.sim;

import java.util.Optional;
import java.util.PriorityQueue;

/** What will happen, ordered by time and, at one time, by who asked first: there are no ties. */
final class EventQueue {
  private static final int EVENTS_MAX = 20_000_000;

  private final PriorityQueue<Planned> heap = new PriorityQueue<>();
  private long sequence;

  /** An event compares itself: the heap asks it hundreds of thousands of times a second. */
  record Planned(long atMicros, long sequence, Runnable action) implements Comparable<Planned> {
    @Override
    public int compareTo(Planned other) {
      return atMicros != other.atMicros
          ? Long.compare(atMicros, other.atMicros)
          : Long.compare(sequence, other.sequence);
    }
  }

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
