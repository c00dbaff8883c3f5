package org.undchain.node.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.undchain.core.machine.Event;

/**
 * What waits for one machine, in two bounded lanes: what validators say to each other goes before
 * what everybody else brings, so that a flood of requests delays no vote. Each lane keeps its
 * order, and the slower one gets its share of every turn.
 */
final class Inbox {
  /** Events that may wait in a lane. Whoever brings one more waits itself. */
  static final int LANE_MAX = 8192;

  /** Events of one turn. */
  static final int TURN_MAX = 256;

  /** Events of one turn that others brought, while validators have something to say. */
  static final int OTHERS_MAX = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final Lane validators = new Lane();
  private final Lane others = new Lane();
  private boolean isWoken;

  /** An event and what to do once the machine has seen it. */
  record Arrival(Event event, Runnable handled) {}

  private final class Lane {
    final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
    final Condition room = lock.newCondition();
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

  /** The events of a turn; none if there are none for so long. */
  List<Arrival> take(long waitMillis) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
    lock.lockInterruptibly();
    try {
      while (validators.waiting.isEmpty() && others.waiting.isEmpty() && !isWoken && nanos > 0) {
        nanos = something.awaitNanos(nanos);
      }
      isWoken = false;
      List<Arrival> turn = new ArrayList<>();
      int share = validators.waiting.isEmpty() ? TURN_MAX : OTHERS_MAX;
      move(validators, TURN_MAX - Math.min(share, others.waiting.size()), turn);
      move(others, Math.min(share, TURN_MAX - turn.size()), turn);
      return turn;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return validators.waiting.size() + others.waiting.size();
    } finally {
      lock.unlock();
    }
  }

  private static void move(Lane lane, int most, List<Arrival> turn) {
    boolean wasFull = lane.waiting.size() >= LANE_MAX;
    for (int i = 0; i < most && !lane.waiting.isEmpty(); i++) {
      turn.add(lane.waiting.remove());
    }
    if (wasFull) {
      lane.room.signalAll();
    }
  }
}
