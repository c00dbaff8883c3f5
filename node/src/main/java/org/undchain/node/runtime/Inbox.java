package org.undchain.node.runtime;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.undchain.core.machine.Event;

/**
 * What waits for one machine, in two bounded lanes: what validators say to each other goes before
 * what everybody else brings, so that a flood of requests delays no vote. Each lane keeps its
 * order, and the slower one gets its share.
 */
final class Inbox {
  /** Events that may wait in a lane. Whoever brings one more waits itself. */
  static final int LANE_MAX = 8192;

  /** Of so many events one is of the others, however much validators have to say. */
  static final int OTHERS_EVERY = 4;

  /** So many events of others are a crowd. */
  static final int CROWD = 32;

  /** What validators say waits no longer where there is time for everybody. */
  private static final long BEHIND_NANOS = 5_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final Condition caughtUp = lock.newCondition();
  private final Lane validators = new Lane();
  private final Lane others = new Lane();
  private boolean isWoken;
  private int sinceOthers;

  /** When the oldest of what a crowd of others brought came, as System.nanoTime. */
  private volatile OptionalLong crowdSince = OptionalLong.empty();

  /** An event, what to do once the machine has seen it, and when it came, as System.nanoTime. */
  record Arrival(Event event, Runnable handled, long atNanos) {
    Arrival(Event event, Runnable handled) {
      this(event, handled, System.nanoTime());
    }
  }

  private final class Lane {
    final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
    final Condition room = lock.newCondition();

    Arrival take() {
      if (waiting.size() >= LANE_MAX) {
        room.signal();
      }
      return waiting.remove();
    }
  }

  /**
   * Waits at most a second while the lane is full.
   *
   * @return whether it is in
   */
  boolean offer(Arrival arrival, boolean isOfValidator) throws InterruptedException {
    Lane lane = isOfValidator ? validators : others;
    long nanos = TimeUnit.SECONDS.toNanos(1);
    lock.lockInterruptibly();
    try {
      while (lane.waiting.size() >= LANE_MAX) {
        if (nanos <= 0) {
          return false;
        }
        nanos = lane.room.awaitNanos(nanos);
      }
      lane.waiting.add(arrival);
      noteOthers();
      something.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the wait that is under way, or the next one. */
  void wakeUp() {
    lock.lock();
    try {
      isWoken = true;
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is an event, at most so long. */
  void await(long waitMillis) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
    lock.lockInterruptibly();
    try {
      while (validators.waiting.isEmpty() && others.waiting.isEmpty() && !isWoken && nanos > 0) {
        nanos = something.awaitNanos(nanos);
      }
      isWoken = false;
    } finally {
      lock.unlock();
    }
  }

  /** The next event, if there is one. */
  Optional<Arrival> poll() {
    lock.lock();
    try {
      boolean isTurnOfOthers = validators.waiting.isEmpty() || sinceOthers + 1 >= OTHERS_EVERY;
      if (isTurnOfOthers && !others.waiting.isEmpty()) {
        sinceOthers = 0;
        Arrival next = others.take();
        noteOthers();
        return Optional.of(next);
      }
      sinceOthers = Math.min(sinceOthers + 1, OTHERS_EVERY);
      if (validators.waiting.isEmpty()) {
        return Optional.empty();
      }
      Arrival next = validators.take();
      if (validators.waiting.isEmpty()) {
        caughtUp.signalAll();
      }
      return Optional.of(next);
    } finally {
      lock.unlock();
    }
  }

  /**
   * How long the oldest of what others brought waits, if it is one of {@link #CROWD} or more; else
   * 0: a few that wait because the process stood still are soon done.
   */
  long crowdWaitNanos() {
    OptionalLong since = crowdSince;
    return since.isEmpty() ? 0 : System.nanoTime() - since.getAsLong();
  }

  /**
   * Waits while the machine is behind with what validators say, at most so long: where cores are
   * few, the work that requests need would take the time from those who agree.
   */
  void giveWay(long maxNanos) throws InterruptedException {
    long nanos = maxNanos;
    lock.lockInterruptibly();
    try {
      while (isBehind() && nanos > 0) {
        nanos = caughtUp.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isBehind() {
    Arrival oldest = validators.waiting.peek();
    return oldest != null && System.nanoTime() - oldest.atNanos() > BEHIND_NANOS;
  }

  private void noteOthers() {
    Arrival oldest = others.waiting.peek();
    crowdSince =
        oldest == null || others.waiting.size() < CROWD
            ? OptionalLong.empty()
            : OptionalLong.of(oldest.atNanos());
  }

  int size() {
    lock.lock();
    try {
      return validators.waiting.size() + others.waiting.size();
    } finally {
      lock.unlock();
    }
  }
}
