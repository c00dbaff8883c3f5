package org.undchain.node.client;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;

/** Counts what the shard doors of a network take, and lets a test step in at one of them. */
final class ShardTap {
  private static final int NOBODY = -1;
  private static final int PARTNERS_MAX = 16;

  private final AtomicLong taken = new AtomicLong();
  private final AtomicInteger chosen = new AtomicInteger(NOBODY);
  private volatile Plan plan = Plan.of(Long.MAX_VALUE, number -> {});

  /** What happens at a partner that has just taken so many bytes, while its client waits. */
  private record Plan(long bytes, IntConsumer deed, AtomicLongArray taken) {
    private static Plan of(long bytes, IntConsumer deed) {
      return new Plan(bytes, deed, new AtomicLongArray(PARTNERS_MAX));
    }

    private void taken(int number, int more) {
      long now = taken.addAndGet(number, more);
      if (now >= bytes && now - more < bytes) {
        deed.accept(number);
      }
    }
  }

  /** What hears of the pieces of one partner. */
  IntConsumer of(int number) {
    return bytes -> {
      taken.addAndGet(bytes);
      plan.taken(number, bytes);
    };
  }

  void never() {
    each(Long.MAX_VALUE, number -> {});
  }

  /** Does this at every partner once it has taken so many more bytes. */
  void each(long bytes, IntConsumer deed) {
    plan = Plan.of(bytes, deed);
  }

  /** Does this at whichever partner has first taken so many more bytes. */
  void once(long bytes, IntConsumer deed) {
    chosen.set(NOBODY);
    each(
        bytes,
        number -> {
          if (chosen.compareAndSet(NOBODY, number)) {
            deed.accept(number);
          }
        });
  }

  /** The partner at which it was done. */
  int chosen() {
    int number = chosen.get();
    if (number == NOBODY) {
      throw new AssertionError("no partner was chosen");
    }
    return number;
  }

  /** Bytes that all partners took together. */
  long taken() {
    return taken.get();
  }

  /** Holds the caller until the latch opens, whatever happens to its thread. */
  static void hold(CountDownLatch latch) {
    boolean isInterrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException stopping) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
