package org.undchain.node.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.undchain.core.client.ClientNotice;

/**
 * All that a client's agent has told, for threads that wait for some of it. Payments are not kept:
 * they are many and nobody waits for one.
 */
final class NoticeBoard {
  /** Notices of one process; a job has a few dozen. */
  private static final int NOTICES_MAX = 1 << 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<ClientNotice> notices = new ArrayList<>();
  private @Nullable Throwable fatal;

  void add(ClientNotice notice) {
    if (notice instanceof ClientNotice.Paid) {
      return;
    }
    lock.lock();
    try {
      if (notices.size() == NOTICES_MAX) {
        throw new IllegalStateException("a client that lives too long for its notice board");
      }
      notices.add(notice);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The node has stopped: nothing more will come. */
  void fail(Throwable bug) {
    lock.lock();
    try {
      fatal = bug;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many notices there are, to wait for later ones only. */
  int size() {
    lock.lock();
    try {
      return notices.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the first fitting notice from {@code from} on says; empty if none came in time.
   *
   * @param fitting empty for a notice that is not meant
   */
  <T> Optional<T> await(int from, Duration patience, Function<ClientNotice, Optional<T>> fitting)
      throws InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      int next = from;
      while (true) {
        for (; next < notices.size(); next++) {
          Optional<T> found = fitting.apply(notices.get(next));
          if (found.isPresent()) {
            return found;
          }
        }
        if (fatal != null) {
          throw new IllegalStateException("the client stopped itself", fatal);
        }
        if (left <= 0) {
          return Optional.empty();
        }
        left =
            changed.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(60)))
                + Math.max(0, left - TimeUnit.SECONDS.toNanos(60));
      }
    } finally {
      lock.unlock();
    }
  }
}
