package org.undchain.sim.explore;

import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;
import org.undchain.sim.Simulation;
import org.undchain.sim.VirtualDisk;
import org.undchain.sim.checker.FreezeChecker;

/**
 * Kills one of four real validators at every record it writes over two slots and around a payout,
 * once before the record is safe and once right after, each in a run of its own from the start; it
 * comes back, or dies again with the first thing it writes and then comes back; another one leaves
 * for good, and the three must go on. All checkers watch.
 */
final class CrashPoints {
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
    for (Way way : ways()) {
      int first = way.when().counter.applyAsInt(diskAt(way.span(), way.span().firstSlot));
      int last = way.when().counter.applyAsInt(diskAt(way.span(), way.span().end()));
      for (int at = first + 1; at <= last; at++) {
        if (millisSince(started) > limitMillis) {
          return new Result(points, millisSince(started), Optional.empty());
        }
        try {
          kill(way, at);
        } catch (AssertionError | IllegalStateException broken) {
          String what = "killed " + way + " record " + at + ": " + broken.getMessage();
          return new Result(points, millisSince(started), Optional.of(what));
        }
        points++;
      }
    }
    return new Result(points, millisSince(started), Optional.empty());
  }

  /** The slots in which it dies. */
  private enum Span {
    TWO_SLOTS(2, 2, 60),
    PAYOUT(47, 1, 48);

    private final long firstSlot;
    private final long slots;
    private final long periodSlots;

    Span(long firstSlot, long slots, long periodSlots) {
      this.firstSlot = firstSlot;
      this.slots = slots;
      this.periodSlots = periodSlots;
    }

    long end() {
      return firstSlot + slots;
    }
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

  /**
   * @param isAgain whether it dies once more in its recovery
   */
  private record Way(Span span, When when, boolean isAgain) {
    @Override
    public String toString() {
      return (isAgain ? "twice, first " : "") + when.words;
    }
  }

  private static List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    for (boolean isAgain : new boolean[] {false, true}) {
      for (Span span : Span.values()) {
        for (When when : When.values()) {
          ways.add(new Way(span, when, isAgain));
        }
      }
    }
    return ways;
  }

  private static Scenario story(Span span) {
    Scenario story =
        Scenario.with(validators(4), client("ann"), client("bob", 1_000_000))
            .period(span.periodSlots)
            .begin();
    story.simulation().observe(new FreezeChecker());
    for (long slot = span.firstSlot - 1; slot < span.end(); slot++) {
      long nonce = slot - span.firstSlot + 2;
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

  private static VirtualDisk diskAt(Span span, long slot) {
    Scenario story = story(span);
    story.until(slot, 0);
    return story.simulation().disk(story.validator(VICTIM));
  }

  private static void kill(Way way, int record) {
    Scenario story = story(way.span());
    Simulation simulation = story.simulation();
    NodeId victim = story.validator(VICTIM);
    VirtualDisk disk = simulation.disk(victim);
    simulation.runUntilOrFail(
        () -> way.when().counter.applyAsInt(disk) >= record,
        story.at(way.span().end() + 1, 0),
        "record " + record);
    simulation.crash(victim);
    startLater(simulation, victim);
    if (way.isAgain()) {
      simulation.doom(victim);
      simulation.runUntil(
          () -> !simulation.isRunning(victim), simulation.now().plusMillis(PATIENCE_MILLIS));
      startLater(simulation, victim);
    }
    simulation.runUntil(story.at(way.span().end() + 1, 0));
    simulation.crash(story.validator(VICTIM + 2));
    story.untilHeight(story.chronicle().height() + 2, PATIENCE_MILLIS);
  }

  private static void startLater(Simulation simulation, NodeId victim) {
    simulation.runUntil(simulation.now().plusMillis(AWAY_MILLIS));
    simulation.start(victim);
  }

  private static long millisSince(long started) {
    return (System.nanoTime() - started) / 1_000_000;
  }
}
