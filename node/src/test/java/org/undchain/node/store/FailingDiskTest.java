package org.undchain.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.node.cli.nemesis.disk.DiskFault.EIO;
import static org.undchain.node.cli.nemesis.disk.DiskFault.ENOSPC;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.node.cli.nemesis.disk.DiskCall;
import org.undchain.node.cli.nemesis.disk.DiskFault;
import org.undchain.node.cli.nemesis.disk.DiskFault.Effect;
import org.undchain.node.cli.nemesis.disk.FaultyDisk;
import org.undchain.node.store.DiskSeries.Found;
import org.undchain.node.store.DiskSeries.Judgement;

/**
 * Fault cases 37 and 38 at every call: a call of the store on its disk fails (EIO, ENOSPC), once or
 * for good, before or behind or in the middle of what it does. Whatever was acknowledged is there
 * when the folder is opened on a good disk again, nothing is there twice or torn, nothing was
 * acknowledged behind the failure, and no second vote is signed.
 */
@Tag("R4.40")
@Tag("R4.41")
@Tag("case-37")
@Tag("case-38")
@Tag("slow")
class FailingDiskTest {
  private static final Set<DiskCall> ALL = Set.of(DiskCall.values());

  @TempDir(factory = TestFolders.InMemory.class)
  private Path folder;

  private Path root;
  private Path copy;
  private final TreeMap<String, Integer> outcomes = new TreeMap<>();

  @BeforeEach
  void makeRoot() throws IOException {
    root = java.nio.file.Files.createDirectory(folder.resolve("root")).toRealPath();
    copy = folder.resolve("copy");
  }

  /** One way to fail, at the call with a number. */
  private record Way(
      Set<DiskCall> calls, Effect effect, long count, int error, boolean isForEveryCall) {
    DiskFault at(long call) {
      return DiskFault.failing(calls, effect, call, count, error);
    }
  }

  private static final List<Way> WAYS =
      List.of(
          new Way(DiskCall.CHANGES, Effect.FAIL, 1, EIO, true),
          new Way(DiskCall.CHANGES, Effect.HALF, 0, ENOSPC, false),
          new Way(DiskCall.LOOKS, Effect.FAIL, 1, EIO, true),
          new Way(DiskCall.CHANGES, Effect.FAIL, 0, EIO, false),
          new Way(DiskCall.CHANGES, Effect.HALF, 1, EIO, false),
          new Way(DiskCall.CHANGES, Effect.DONE, 1, EIO, false),
          new Way(DiskCall.CHANGES, Effect.FAIL, 1, ENOSPC, false),
          new Way(DiskCall.LOOKS, Effect.FAIL, 0, EIO, false));

  /** Of the ways that are not for every call, so many calls; {@code -Dcalls} asks for others. */
  private static final int CALLS = Integer.getInteger("calls", 24);

  /** {@code -Dway} asks for one way only. */
  private static final int WAY = Integer.getInteger("way", -1);

  @Test
  void aJournalSurvivesAFailureAtASampleOfCalls() throws Exception {
    sample("journal", 1);
  }

  @Test
  void aSessionLogSurvivesAFailureAtASampleOfCalls() throws Exception {
    sample("sessions", 2);
  }

  @Test
  @Tag("slow")
  void aJournalSurvivesAFailureAtEveryCall() throws Exception {
    campaign("journal", CALLS, 3);
  }

  @Test
  @Tag("slow")
  void aSessionLogSurvivesAFailureAtEveryCall() throws Exception {
    campaign("sessions", CALLS, 4);
  }

  @Test
  void shortWritesAndSlowSyncsChangeNothing() throws Exception {
    for (String series : List.of("journal", "sessions")) {
      try (TrialProcess trials = start(series)) {
        finishes(trials, series, new Way(Set.of(DiskCall.WRITE), Effect.SHORT, 0, 0, true).at(1));
        finishes(trials, series, DiskFault.slow(Set.of(DiskCall.SYNC), 5));
      }
    }
  }

  private void finishes(TrialProcess trials, String series, DiskFault fault) throws Exception {
    String name = series + fault.effect();
    TrialProcess.Result result = trials.run(name, fault, copy);
    assertThat(result.happened()).isPositive();
    assertThat(result.isFinished()).as(result.words()).isTrue();
    judge(DiskSeries.of(series), root.resolve(name), result, fault.toString());
  }

  private TrialProcess start(String series) throws IOException, InterruptedException {
    FaultyDiskNeeded.orSkip();
    Path control = folder.resolve("control-" + series);
    return TrialProcess.start(
        series, root, control, FaultyDisk.build(folder).environment(root, control));
  }

  private void sample(String name, long seed) throws Exception {
    campaign(name, way -> 6, seed);
  }

  private void campaign(String name, int most, long seed) throws Exception {
    campaign(name, way -> way.isForEveryCall() ? Integer.MAX_VALUE : most, seed);
  }

  /**
   * @param most calls for each way to fail
   */
  private void campaign(String name, ToIntFunction<Way> most, long seed) throws Exception {
    DiskSeries series = DiskSeries.of(name);
    SplittableRandom random = new SplittableRandom(seed);
    try (TrialProcess trials = start(name)) {
      trials.run("warm", DiskFault.none(ALL), copy); // loads what is loaded once
      TestFolders.delete(root.resolve("warm"));
      for (Way way : WAY < 0 ? WAYS : List.of(WAYS.get(WAY))) {
        TrialProcess.Result good = trials.run("good", DiskFault.none(way.calls()), copy);
        assertThat(good.isFinished()).as(good.words()).isTrue();
        long calls = trials.control().seen();
        TestFolders.delete(root.resolve("good"));
        outcomes.merge(
            way.calls().equals(DiskCall.LOOKS) ? "looks" : "changes", (int) calls, Math::max);
        for (long call : chosen(calls, most.applyAsInt(way), random)) {
          String where = "seed " + seed + " " + name + " call " + call + " " + way;
          one(trials, series, way.at(call), where);
        }
      }
      System.err.println(name + ": " + outcomes + "; calls in all " + trials.control().totals());
    }
    assertThat(outcomes.keySet()).anyMatch(word -> word.startsWith("stopped"));
  }

  private static List<Long> chosen(long calls, int most, SplittableRandom random) {
    List<Long> all = new ArrayList<>();
    for (long call = 1; call <= calls; call++) {
      all.add(call);
    }
    java.util.Collections.shuffle(all, new java.util.Random(random.nextLong()));
    return all.subList(0, (int) Math.min(most, calls));
  }

  private void one(TrialProcess trials, DiskSeries series, DiskFault fault, String where)
      throws IOException, InterruptedException {
    TrialProcess.Result result = trials.run("trial", fault, copy);
    String word = result.words().replaceAll("^(stopped [A-Z_]+ ).*", "$1").strip();
    outcomes.merge(word, 1, Integer::sum);
    if (!result.isFinished()) {
      assertThat(result.words())
          .as(where)
          .matches("stopped (INPUT_OUTPUT|NO_SPACE|DAMAGED) .+ start again.*");
    }
    if (result.isCopied()) {
      judge(series, copy, result, where + " as kill -9 leaves it; " + result.words());
      TestFolders.delete(copy);
    }
    judge(series, root.resolve("trial"), result, where + " closed; " + result.words());
    TestFolders.delete(root.resolve("trial"));
  }

  private void judge(DiskSeries series, Path data, TrialProcess.Result result, String where)
      throws IOException {
    int tried = Math.min(series.groups(), result.acknowledged() + 1);
    Judgement judged =
        series.judge(data, new DiskSeries.Expected(result.acknowledged(), tried, true), where);
    outcomes.merge("found " + judged.found(), 1, Integer::sum);
    assertThat(judged.found()).as(where + "; " + judged.words()).isEqualTo(Found.WHOLE);
  }
}
