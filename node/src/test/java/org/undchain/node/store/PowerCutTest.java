package org.undchain.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.node.cli.nemesis.disk.DiskCall;
import org.undchain.node.cli.nemesis.disk.DiskFault;
import org.undchain.node.cli.nemesis.disk.FaultyDisk;
import org.undchain.node.store.DiskSeries.Found;
import org.undchain.node.store.DiskSeries.Judgement;
import org.undchain.node.store.DiskTrace.Event;
import org.undchain.node.store.DiskTrace.Event.Changed;
import org.undchain.node.store.ReplayedDisk.Left;
import org.undchain.node.store.ReplayedDisk.Lie;

/**
 * Fault cases 37 and 40: the power fails before any of the calls of a store on its disk, and takes
 * with it what was not synced; and a sync lies before it fails. One real run is traced; what is
 * left at each moment is worked out from that and opened by the real store.
 */
@Tag("R4.40")
@Tag("R4.41")
@Tag("case-37")
@Tag("case-40")
@Tag("slow")
class PowerCutTest {
  private static final SplittableRandom NONE = new SplittableRandom(0);

  @TempDir(factory = TestFolders.InMemory.class)
  private Path folder;

  private Path root;
  private List<Event> events = List.of();
  private final TreeMap<String, Integer> outcomes = new TreeMap<>();

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectory(folder.resolve("root")).toRealPath();
  }

  @Test
  void aJournalLosesNothingInAPowerCutAtASampleOfCalls() throws Exception {
    trace("journal");
    powerCuts("journal", 12, 1);
  }

  @Test
  void aSessionLogLosesNothingInAPowerCutAtASampleOfCalls() throws Exception {
    trace("sessions");
    powerCuts("sessions", 12, 2);
  }

  @Test
  @Tag("slow")
  void aJournalLosesNothingInAPowerCutAtAnyCall() throws Exception {
    trace("journal");
    powerCuts("journal", Integer.MAX_VALUE, 3);
  }

  @Test
  @Tag("slow")
  void aSessionLogLosesNothingInAPowerCutAtAnyCall() throws Exception {
    trace("sessions");
    powerCuts("sessions", Integer.MAX_VALUE, 4);
  }

  @Test
  void whoseDiskLiedAtOneOfSomeSyncsNeverSignsTwice() throws Exception {
    trace("journal");
    lies("journal", 12, 5);
  }

  @Test
  @Tag("slow")
  void whoseDiskLiedAtAnySyncNeverSignsTwice() throws Exception {
    trace("journal");
    lies("journal", Integer.MAX_VALUE, 6);
    assertThat(outcomes).containsKeys("FORGETFUL", "WHOLE");
  }

  @Test
  @Tag("slow")
  void aSessionLogWhoseDiskLiedHoldsOnlyWhatWasWritten() throws Exception {
    trace("sessions");
    lies("sessions", Integer.MAX_VALUE, 7);
  }

  /** The control: whoever does not sync is found out. */
  @Test
  void aJournalThatNeverSyncedIsFoundToSignTwice() throws Exception {
    trace("journal");
    DiskSeries series = DiskSeries.of("journal");
    ReplayedDisk disk = new ReplayedDisk(root.resolve("data"));
    for (Event event : events) {
      if (event instanceof Changed change && change.call() != DiskCall.SYNC) {
        disk.apply(change);
      }
    }
    DiskSeries.Expected all = new DiskSeries.Expected(series.groups(), series.groups(), true);
    assertThatThrownBy(() -> cut(series, disk, Left.NOTHING, NONE, all, "never synced"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("never synced: a second vote");
  }

  /**
   * The limit: when everything lies, guard and database go back together, and nothing on the disk
   * tells (only the others do, R4.41). What is there is whole in itself all the same.
   */
  @Test
  void aDiskThatLiesAtEverySyncGoesBackToAnEarlierStateOfItsOwn() throws Exception {
    trace("journal");
    DiskSeries series = DiskSeries.of("journal");
    List<Integer> syncs = positions(DiskCall.SYNC);
    for (int from : syncs.subList(syncs.size() / 2, syncs.size())) {
      ReplayedDisk disk = new ReplayedDisk(root.resolve("data"));
      for (int i = 0; i < events.size(); i++) {
        if (events.get(i) instanceof Changed change
            && !(change.call() == DiskCall.SYNC && i >= from)) {
          disk.apply(change);
        }
      }
      for (Left left : List.of(Left.NOTHING, Left.NAMES)) {
        DiskSeries.Expected anything = new DiskSeries.Expected(0, series.groups(), false);
        cut(
            series,
            disk,
            left,
            NONE,
            anything,
            "all syncs lie from event " + from + " on, " + left);
      }
    }
    assertThat(outcomes).containsKey("WHOLE");
    System.err.println("a disk that lies at every sync: " + outcomes);
  }

  /** Runs the series once on a good disk, in a folder that was there before. */
  private void trace(String name) throws Exception {
    FaultyDiskNeeded.orSkip();
    Files.createDirectory(root.resolve("data"));
    Path control = folder.resolve("control");
    Path trace = folder.resolve("trace");
    try (TrialProcess trials =
        TrialProcess.start(
            name, root, control, FaultyDisk.build(folder).environment(root, control, trace))) {
      TrialProcess.Result result =
          trials.run("data", DiskFault.none(DiskCall.CHANGES), folder.resolve("copy"));
      assertThat(result.isFinished()).as(result.words()).isTrue();
    }
    events = DiskTrace.read(trace);
  }

  private List<Integer> positions(DiskCall call) {
    return IntStream.range(0, events.size())
        .filter(i -> events.get(i) instanceof Changed change && change.call() == call)
        .boxed()
        .toList();
  }

  private void powerCuts(String name, int most, long seed) throws IOException {
    DiskSeries series = DiskSeries.of(name);
    SplittableRandom random = new SplittableRandom(seed);
    List<Integer> moments = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i) instanceof Changed) {
        moments.add(i);
      }
    }
    moments.add(events.size());
    List<Integer> chosen = chosen(moments, most, random);
    ReplayedDisk disk = new ReplayedDisk(root.resolve("data"));
    int acknowledged = 0;
    for (int i = 0; i <= events.size(); i++) {
      if (chosen.contains(i)) {
        for (Left left : Left.values()) {
          if (!isLastMomentOf(left, i)) {
            continue; // the same is left at the next moment, when more was acknowledged
          }
          String where =
              "seed "
                  + seed
                  + " "
                  + name
                  + " before event "
                  + i
                  + " left "
                  + left
                  + ": "
                  + words(i);
          DiskSeries.Expected expected = expected(series, acknowledged, true);
          Judgement judged = cut(series, disk, left, random.split(), expected, where);
          assertThat(judged.found()).as(where + "; " + judged.words()).isEqualTo(Found.WHOLE);
        }
      }
      if (i < events.size()) {
        acknowledged = step(disk, events.get(i), acknowledged);
      }
    }
    System.err.println(
        name + ": " + chosen.size() + " moments of " + moments.size() + ", " + outcomes);
  }

  /** Whether the next event changes what is left. */
  private boolean isLastMomentOf(Left left, int event) {
    if (event == events.size() || !(events.get(event) instanceof Changed change)) {
      return true;
    }
    return switch (left) {
      case ALL, SIZES, SOME -> true;
      case NOTHING -> change.call() == DiskCall.SYNC;
      case NAMES -> change.call() != DiskCall.WRITE && change.call() != DiskCall.TRUNCATE;
    };
  }

  private String words(int event) {
    return event < events.size() && events.get(event) instanceof Changed change
        ? change.call() + " " + change.path()
        : "the end";
  }

  private static List<Integer> chosen(List<Integer> all, int most, SplittableRandom random) {
    List<Integer> shuffled = new ArrayList<>(all);
    java.util.Collections.shuffle(shuffled, new java.util.Random(random.nextLong()));
    return shuffled.subList(0, Math.min(most, all.size()));
  }

  private static int step(ReplayedDisk disk, Event event, int acknowledged) {
    return switch (event) {
      case Changed change -> {
        disk.apply(change);
        yield acknowledged;
      }
      case Event.Told(String line) -> acknowledged(line, acknowledged);
    };
  }

  private static int acknowledged(String line, int before) {
    return line.startsWith("acknowledged ")
        ? Integer.parseInt(line.substring("acknowledged ".length()))
        : before;
  }

  private static DiskSeries.Expected expected(
      DiskSeries series, int acknowledged, boolean isDiskHonest) {
    int tried = Math.min(acknowledged + 1, series.groups());
    return new DiskSeries.Expected(acknowledged, tried, isDiskHonest);
  }

  private Judgement cut(
      DiskSeries series,
      ReplayedDisk disk,
      Left left,
      SplittableRandom random,
      DiskSeries.Expected expected,
      String where)
      throws IOException {
    Path to = folder.resolve("left");
    disk.cut(left, random, to);
    Judgement judged = series.judge(to, expected, where);
    TestFolders.delete(to);
    outcomes.merge(judged.found().name(), 1, Integer::sum);
    return judged;
  }

  /** One sync lies; the power fails before the next sync of the same file, and at the end. */
  private void lies(String name, int most, long seed) throws IOException {
    DiskSeries series = DiskSeries.of(name);
    SplittableRandom random = new SplittableRandom(seed);
    List<Integer> syncs = positions(DiskCall.SYNC);
    for (int lie : chosen(syncs, most, random)) {
      for (Lie how : Lie.values()) {
        lie(series, lie, how, random.split(), "seed " + seed + " " + name);
      }
    }
    System.err.println(name + ": lies at " + Math.min(most, syncs.size()) + " syncs, " + outcomes);
  }

  private void lie(DiskSeries series, int lie, Lie how, SplittableRandom random, String which)
      throws IOException {
    ReplayedDisk disk = new ReplayedDisk(root.resolve("data"));
    Changed lied = (Changed) events.get(lie);
    boolean isOver = false;
    int acknowledged = 0;
    for (int i = 0; i <= events.size(); i++) {
      boolean isEnd = i == events.size();
      boolean isNext =
          !isEnd
              && i > lie
              && events.get(i) instanceof Changed change
              && change.call() == DiskCall.SYNC
              && change.inode() == lied.inode();
      if (isEnd || (isNext && !isOver)) {
        isOver |= isNext;
        for (Left left : List.of(Left.NOTHING, Left.NAMES, Left.SOME)) {
          String where =
              which
                  + " lie "
                  + how
                  + " at event "
                  + lie
                  + " ("
                  + words(lie)
                  + "), cut before "
                  + i
                  + " left "
                  + left;
          cut(series, disk, left, random.split(), expected(series, acknowledged, false), where);
        }
      }
      if (i == lie) {
        disk.lie(lied, how);
      } else if (!isEnd) {
        acknowledged = step(disk, events.get(i), acknowledged);
      }
    }
  }
}
