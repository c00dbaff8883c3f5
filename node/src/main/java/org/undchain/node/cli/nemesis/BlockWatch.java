package org.undchain.node.cli.nemesis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.undchain.node.devnet.DevnetNode;

/**
 * An observer who asks every validator for its newest block all the time, and notes by its own
 * clock when a block is seen first.
 */
final class BlockWatch implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  private final Fleet fleet;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, Long> heights = new TreeMap<>();
  private final Map<String, Integer> lives = new TreeMap<>();
  private final List<Sight> sights = new ArrayList<>();
  private long highest;

  /**
   * A block seen first.
   *
   * @param isNew the one who has it told of another one before, in the same life: it was agreed on
   *     since, not read from a disk
   */
  private record Sight(long height, long nanos, boolean isNew) {}

  BlockWatch(Fleet fleet) {
    this.fleet = fleet;
    for (DevnetNode node : fleet.validators()) { // one each: who is stopped answers after seconds
      threads.add(Thread.ofVirtual().name("watch-" + node.name()).start(() -> watch(node)));
    }
  }

  private void watch(DevnetNode node) {
    try {
      while (true) {
        int life = life(node.name());
        OptionalLong height = fleet.height(node);
        if (height.isPresent()) {
          saw(node.name(), life, height.getAsLong());
        }
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized int life(String name) {
    return lives.getOrDefault(name, 0);
  }

  /**
   * @param life the one that was asked; a late answer of a dead one says nothing of the next
   */
  private synchronized void saw(String name, int life, long height) {
    if (life != life(name)) {
      return;
    }
    Long before = heights.put(name, height);
    if (height > highest) {
      highest = height;
      sights.add(new Sight(height, System.nanoTime(), before != null));
    }
    notifyAll();
  }

  /** They are dead: what they told belongs to another life. */
  synchronized void forget(List<DevnetNode> nodes) {
    for (DevnetNode node : nodes) {
      heights.remove(node.name());
      lives.merge(node.name(), 1, Integer::sum);
    }
  }

  synchronized long highest() {
    return highest;
  }

  /** Who told of which block last, in words. */
  synchronized String standings() {
    return heights.toString();
  }

  /** Waits until all of these tell of a block that fits; false if they do not in time. */
  synchronized boolean await(List<DevnetNode> nodes, LongPredicate fits, long millis)
      throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (!nodes.stream()
        .map(node -> heights.get(node.name()))
        .allMatch(height -> height != null && fits.test(height))) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** When the first block was seen that was agreed on after this moment. */
  synchronized OptionalLong firstNewAfter(long nanos) {
    return sights.stream()
        .filter(sight -> sight.isNew && sight.nanos > nanos)
        .mapToLong(Sight::nanos)
        .findFirst();
  }

  /** Longest time without a new block that touches these moments. */
  synchronized long longestPauseMillis(long fromNanos, long toNanos) {
    long last = fromNanos;
    long longest = 0;
    for (Sight sight : sights) {
      if (sight.nanos >= toNanos) {
        break;
      }
      if (sight.nanos > fromNanos) {
        longest = Math.max(longest, sight.nanos - last);
      }
      last = sight.nanos;
    }
    return Math.max(longest, toNanos - last) / 1_000_000;
  }

  @Override
  public void close() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
