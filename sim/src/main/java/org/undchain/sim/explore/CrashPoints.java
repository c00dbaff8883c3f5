package org.undchain.sim.explore;

import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Vote;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;
import org.undchain.sim.VirtualDisk;

/**
 * Kills one of four real validators at every record it writes over two slots, once before the
 * record is safe and once right after, each in a run of its own from the start; then it comes back,
 * another one leaves for good, and the three must go on. All checkers watch.
 */
final class CrashPoints {
  private static final long FIRST_SLOT = 2;
  private static final long SLOTS = 2;
  private static final int VICTIM = 1;
  private static final long AWAY_MILLIS = 150;
  private static final long PATIENCE_MILLIS = 20_000;

  /**
   * What came of it.
   *
   * @param points at which the validator was killed
   */
  record Result(int points, long millis, Optional<String> finding) {}

  private CrashPoints() {}

  static Result explore(long limitMillis) {
    long started = System.nanoTime();
    int points = 0;
    for (When when : When.values()) {
      int first = when.counter.applyAsInt(diskAt(FIRST_SLOT));
      int last = when.counter.applyAsInt(diskAt(FIRST_SLOT + SLOTS));
      for (int at = first + 1; at <= last; at++) {
        if (millisSince(started) > limitMillis) {
          return new Result(points, millisSince(started), Optional.empty());
        }
        try {
          kill(when, at);
        } catch (AssertionError | IllegalStateException broken) {
          String what = "killed " + when.words + " record " + at + ": " + broken.getMessage();
          return new Result(points, millisSince(started), Optional.of(what));
        }
        points++;
      }
    }
    return new Result(points, millisSince(started), Optional.empty());
  }

  private enum When {
    WRITTEN("behind the write of", VirtualDisk::size),
    SAFE("behind the flush of", disk -> disk.durable().size());

    private final String words;
    private final ToIntFunction<VirtualDisk> counter;

    When(String words, ToIntFunction<VirtualDisk> counter) {
      this.words = words;
      this.counter = counter;
    }
  }

  private static Scenario story() {
    Scenario story = Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
    for (long slot = FIRST_SLOT - 1; slot < FIRST_SLOT + SLOTS; slot++) {
      long nonce = slot;
      story
          .simulation()
          .at(
              story.at(slot, 700),
              () ->
                  story.submit(
                      "ann",
                      story.transfer("ann", "bob", 1, nonce),
                      story.validators().subList(0, 2)));
    }
    return story;
  }

  private static VirtualDisk diskAt(long slot) {
    Scenario story = story();
    story.until(slot, 0);
    return story.simulation().disk(story.validator(VICTIM));
  }

  private static void kill(When when, int record) {
    Scenario story = story();
    NodeId victim = story.validator(VICTIM);
    VirtualDisk disk = story.simulation().disk(victim);
    story
        .simulation()
        .runUntilOrFail(
            () -> when.counter.applyAsInt(disk) >= record,
            story.at(FIRST_SLOT + SLOTS + 1, 0),
            "record " + record);
    story.simulation().crash(victim);
    story.simulation().runUntil(story.simulation().now().plusMillis(AWAY_MILLIS));
    story.simulation().start(victim);
    story.simulation().runUntil(story.at(FIRST_SLOT + SLOTS + 1, 0));
    story.simulation().crash(story.validator(VICTIM + 2));
    story.untilHeight(story.chronicle().height() + 2, PATIENCE_MILLIS);
    judge(disk);
  }

  /** R4.20: a file is frozen on disk before anything is voted about its height. */
  private static void judge(VirtualDisk disk) {
    Set<Long> frozen = new TreeSet<>();
    for (LogRecord record : disk.records()) {
      if (record.hasFreeze()) {
        frozen.add(record.getFreeze().getHeight());
      } else if (record.hasVote()) {
        long height = heightOf(record.getVote().getVote());
        if (!frozen.contains(height)) {
          throw new IllegalStateException("a vote of height " + height + " without a freeze");
        }
      }
    }
  }

  private static long heightOf(Envelope vote) {
    try {
      return Vote.parseFrom(vote.getBody()).getHeight();
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException("a record that does not parse", damaged);
    }
  }

  private static long millisSince(long started) {
    return (System.nanoTime() - started) / 1_000_000;
  }
}
