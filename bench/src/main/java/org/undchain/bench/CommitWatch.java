package org.undchain.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.rules.RunRules;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;

/**
 * Hears of every block at every validator. When f + 1 have one, so that its results can be proven,
 * the clients are told, on a thread of their own: no validator waits for the load.
 */
final class CommitWatch implements Consumer<ValidatorNotice>, AutoCloseable {
  private final LinkedBlockingQueue<Told> queue = new LinkedBlockingQueue<>();
  private final Map<Long, Integer> havers = new HashMap<>();
  private final Recorder afterCutoff = new Recorder(3);
  private final LongAdder blocks = new LongAdder();
  private final LongAdder laterRounds = new LongAdder();
  private final LongAdder votes = new LongAdder();
  private final LongAdder earlyVotes = new LongAdder();
  private final int enough;
  private volatile Optional<BenchNetwork> network = Optional.empty();
  private final Thread teller;
  private volatile List<LoadClient> clients = List.of();

  private long lastNanos = System.nanoTime(); // guarded by this
  private long gapNanos; // guarded by this

  private record Told(long slot, List<Hash> ids, long atNanos) {}

  CommitWatch(int validators) {
    this.enough = RunRules.faulty(validators) + 1;
    this.teller = Thread.ofPlatform().daemon().name("commit-watch").start(this::tell);
  }

  /** From now on these are told, and cut-offs are known. */
  void begin(BenchNetwork network, List<LoadClient> told) {
    this.network = Optional.of(network);
    clients = List.copyOf(told);
  }

  /**
   * @param afterCutoff milliseconds from the cut-off to the commit, at each validator
   * @param votes begun by all validators, and those of them that began before R0 (early exit)
   * @param longestGapMillis between a block that f + 1 validators have and the next one; the last
   *     gap may have begun before the reading and may not be over
   */
  record Reading(
      Histogram afterCutoff,
      long blocks,
      long laterRounds,
      long votes,
      long earlyVotes,
      long longestGapMillis) {
    double earlyShare() {
      return (double) earlyVotes / Math.max(1, votes);
    }
  }

  Reading read() {
    return new Reading(
        afterCutoff.getIntervalHistogram(),
        blocks.sumThenReset(),
        laterRounds.sumThenReset(),
        votes.sumThenReset(),
        earlyVotes.sumThenReset(),
        longestGapMillis());
  }

  private synchronized long longestGapMillis() {
    long longest = Math.max(gapNanos, System.nanoTime() - lastNanos);
    gapNanos = 0;
    return TimeUnit.NANOSECONDS.toMillis(longest);
  }

  private synchronized void tick(long nowNanos) {
    gapNanos = Math.max(gapNanos, nowNanos - lastNanos);
    lastNanos = nowNanos;
  }

  @Override
  public void accept(ValidatorNotice notice) {
    if (notice instanceof ValidatorNotice.VoteBegan vote) {
      votes.increment();
      earlyVotes.add(vote.isEarly() ? 1 : 0);
    }
    if (!(notice instanceof ValidatorNotice.BlockCommitted committed)) {
      return;
    }
    CommittedBlock block = committed.block();
    boolean isNormal = block.header().getKind() == BlockKind.BLOCK_KIND_NORMAL;
    if (isNormal) {
      network.ifPresent(here -> afterCutoff.recordValue(millisAfterCutoff(here, block)));
    }
    if (isEnough(block.header().getHeight()) && isNormal) {
      blocks.increment();
      if (block.qc().getRound() > 0) {
        laterRounds.increment();
      }
      long now = System.nanoTime();
      tick(now);
      queue.add(
          new Told(
              block.header().getSlot(),
              block.entries().stream().map(OpenedEntry::id).toList(),
              now));
    }
  }

  private static long millisAfterCutoff(BenchNetwork network, CommittedBlock block) {
    BlockTime cutoff = network.chain().calendar().cutoffOf(block.header().getSlot());
    return Math.max(0, network.clock().now().minus(cutoff));
  }

  private synchronized boolean isEnough(long height) {
    return havers.merge(height, 1, Integer::sum) == enough;
  }

  private void tell() {
    try {
      while (true) {
        Told told = queue.take();
        clients.forEach(client -> client.inBlock(told.slot(), told.ids(), told.atNanos()));
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    teller.interrupt();
  }
}
