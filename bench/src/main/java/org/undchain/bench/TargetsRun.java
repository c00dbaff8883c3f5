package org.undchain.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.undchain.bench.micro.MicroException;
import org.undchain.bench.micro.MicroTimes;
import org.undchain.bench.micro.OpenFileCommand;
import org.undchain.bench.peers.Peer;
import org.undchain.bench.peers.PeerRow;
import org.undchain.bench.peers.PeersBench;
import org.undchain.bench.storage.StoreBench;
import org.undchain.bench.storage.StoreCommand;
import org.undchain.core.rules.RunRules;
import org.undchain.node.config.ConfigException;

/** Runs the benchmarks one after the other and says which targets their figures meet. */
final class TargetsRun {
  private static final int FEW_VALIDATORS = 4;
  private static final int MANY_VALIDATORS = 10;
  private static final int PAYERS = 1024;
  private static final int CLIENTS = 2;
  private static final int BATCH = 16;
  private static final int UNANSWERED = 1000;

  private static final int SOME_VALIDATORS = 7;
  private static final int FEW_UNANSWERED = 64;

  /**
   * With ten validators 64 keep two cores busy; a block that needs another round for it turns the
   * early exit off for everything measured behind it (R4.13b).
   */
  private static final int FEWER_UNANSWERED = 16;

  /** Files are equal at the cut-off but for what arrives right before it. */
  private static final int ONE_UNANSWERED = 1;

  /** A batch waits for 50 ms (section 4.2), and 10 ms are left for all the rest. */
  private static final double PROMISE_MILLIS = 60;

  /** The part that runs out of anything does not end the others. */
  private interface Part {
    List<Target> measure() throws Exception;
  }

  /**
   * How much is done.
   *
   * @param warmUp seconds before each load
   * @param seconds of each row
   * @param openSeconds of the load beyond the peak
   * @param bytes of the object that is stored
   * @param blocks to catch up with
   * @param entries that wait in the open files
   * @param isQuick whether the small parts are timed quickly
   */
  record Scale(
      int warmUp,
      int seconds,
      int openSeconds,
      long bytes,
      int blocks,
      int entries,
      boolean isQuick) {
    static final Scale FULL = new Scale(60, 20, 60, 1_000_000_000, 10_000, 100_000, false);
    static final Scale QUICK = new Scale(20, 8, 15, 300_000_000, 2000, 100_000, true);
  }

  private final Scale scale;
  private final PrintStream messages;
  private final List<PeerRow> peers = new ArrayList<>();
  private Optional<AgreeRow> few = Optional.empty();

  TargetsRun(Scale scale, PrintStream messages) {
    this.scale = scale;
    this.messages = messages;
  }

  /** The names of the parts, in the order in which they run. */
  static final List<String> PARTS =
      List.of("agree", "batch", "many", "latency", "open-file", "catch-up", "small", "store");

  List<Target> measure(String part) {
    messages.println("--- " + part);
    Part chosen =
        switch (part) {
          case "agree" -> this::agree;
          case "batch" -> this::batch;
          case "many" -> this::many;
          case "latency" -> this::latency;
          case "open-file" -> this::openFile;
          case "catch-up" -> this::catchUp;
          case "small" -> this::small;
          case "store" -> this::store;
          default ->
              throw new IllegalArgumentException(
                  "there is no part " + part + ", but " + String.join(", ", PARTS));
        };
    try {
      return chosen.measure();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return List.of(Target.unknown("", part, "it was stopped"));
    } catch (Exception failed) {
      return List.of(Target.unknown("", part, String.valueOf(failed)));
    }
  }

  /** Peers and ours in one warm run, then the load beyond the peak, then deaths. */
  private List<Target> agree() throws ConfigException, IOException, InterruptedException {
    List<PeerRow> peers = peers();
    AgreeResult result =
        run(
            FEW_VALIDATORS,
            1,
            UNANSWERED,
            Optional.of(new AgreeBench.OpenLoop(Optional.empty(), 2, scale.openSeconds())),
            RunRules.faulty(FEW_VALIDATORS));
    AgreeRow row = result.rows().getFirst();
    few = Optional.of(row);
    List<Target> targets = new ArrayList<>();
    targets.add(efficiency("1", "four validators: jobs/s of the bound of signatures", 0.6, row));
    targets.add(beside("1", "  beside Ratis", 2, row, peers, Peer.RATIS));
    targets.add(
        Target.atMost("4", "  cpu of a job and validator", 0.1, row.cpuMillisPerJob(), "ms"));
    Overload overload = result.overload().orElseThrow();
    targets.add(
        Target.atLeast(
            "8",
            "load of twice the peak: share of the peak",
            Overload.SHARE_ASKED,
            overload.share(),
            ""));
    targets.add(Target.none("8", "  promises broken", overload.brokenPromises()));
    targets.add(Target.none("8", "  blocks beyond round 0", overload.row().blocks().laterRounds()));
    Killing killing = result.killing().orElseThrow();
    targets.add(
        Target.atMost(
            "9",
            "f killed: longest gap between commits",
            killing.gapAllowedMillis(),
            killing.gapMillis(),
            "ms"));
    targets.add(
        Target.atLeast(
            "9", "  jobs/s, to those before", Killing.SHARE_ASKED, killing.jobShare(), ""));
    targets.add(
        Target.atLeast(
            "9",
            "  blocks/s, to those before",
            killing.blockShareAsked(),
            killing.blockShare(),
            ""));
    return targets;
  }

  /** Once in a run. */
  private List<PeerRow> peers() throws ConfigException, IOException, InterruptedException {
    if (peers.isEmpty()) {
      peers.addAll(
          PeersBench.run(
              new PeersBench.Setting(
                  List.of(Peer.values()), scale.warmUp(), scale.seconds(), List.of()),
              Path.of(System.getProperty("java.io.tmpdir")),
              messages));
      messages.println(PeerRow.head());
      peers.forEach(row -> messages.println(row.line()));
    }
    return List.copyOf(peers);
  }

  private List<Target> batch() throws ConfigException, IOException, InterruptedException {
    List<PeerRow> peers = peers();
    AgreeRow row = run(FEW_VALIDATORS, BATCH, UNANSWERED, Optional.empty(), 0).rows().getFirst();
    return List.of(
        beside("3", "sixteen jobs a signature, beside Ratis", 2.5, row, peers, Peer.RATIS),
        beside("3", "  beside ZooKeeper", 1, row, peers, Peer.ZOOKEEPER));
  }

  private List<Target> many() throws ConfigException, IOException, InterruptedException {
    run(SOME_VALIDATORS, 1, UNANSWERED, Optional.empty(), 0); // no target; for the table
    AgreeRow row = run(MANY_VALIDATORS, 1, UNANSWERED, Optional.empty(), 0).rows().getFirst();
    List<Target> targets = new ArrayList<>();
    targets.add(efficiency("2", "ten validators: jobs/s of the bound of signatures", 0.5, row));
    targets.add(beside("2", "  beside Ratis", 0.65, row, peers(), Peer.RATIS));
    few.ifPresent(before ->
        targets.add(
            Target.atMost(
                "4",
                "  cpu of a job and validator, to that of four",
                1.3,
                row.cpuMillisPerJob() / before.cpuMillisPerJob(),
                "")));
    return targets;
  }

  /** Warmed up by a light load; the way of a block alone is seen behind one at a time. */
  private List<Target> latency() throws ConfigException, IOException, InterruptedException {
    List<AgreeRow> four = latencyOf(FEW_VALIDATORS, FEW_UNANSWERED);
    List<AgreeRow> ten = latencyOf(MANY_VALIDATORS, FEWER_UNANSWERED);
    List<Target> targets = new ArrayList<>();
    targets.addAll(cutoff("four validators", four.getLast(), 10));
    targets.addAll(cutoff("ten validators", ten.getLast(), 30));
    for (AgreeRow row : List.of(four.getFirst(), ten.getFirst())) {
      targets.add(
          Target.atMost(
              "7",
              row.validators() + " validators: promise of three stamps, p50",
              PROMISE_MILLIS,
              row.entries().promise().getValueAtPercentile(50) / 1e3,
              "ms"));
    }
    return targets;
  }

  private List<AgreeRow> latencyOf(int validators, int unanswered)
      throws ConfigException, IOException, InterruptedException {
    return run(validators, 1, List.of(unanswered, ONE_UNANSWERED), Optional.empty(), 0).rows();
  }

  private List<Target> openFile() {
    OpenFileCommand.Result result =
        OpenFileCommand.measure(scale.entries(), scale.warmUp(), messages);
    return List.of(
        Target.atMost(
            "5",
            "cost of a job, " + scale.entries() + " in the open files, to 1000",
            1.2,
            result.ratio(),
            ""),
        Target.atMost("5", "  heap of an entry", 1024, result.many().heapPerEntry(), "B"));
  }

  private List<Target> catchUp() throws ConfigException, IOException, InterruptedException {
    CatchUpBench.Result result = CatchUpBench.run(scale.blocks(), CatchUpCommand.ENTRIES);
    messages.println(result.line());
    return List.of(
        Target.atLeast(
            "11",
            "catching up with " + result.blocks() + " blocks, to real time",
            CatchUpCommand.TIMES_ASKED,
            result.timesRealTime(),
            ""));
  }

  private List<Target> small() throws MicroException {
    return List.of(
        Target.atMost(
            "11",
            "payout with 100 000 open seats",
            2,
            MicroTimes.bestMillis(MicroTimes.PAYOUT, scale.isQuick(), messages) / 1e3,
            "s"),
        Target.atMost(
            "11",
            "state root, 1 000 of 1 000 000 accounts changed",
            50,
            MicroTimes.bestMillis(MicroTimes.STATE_ROOT, scale.isQuick(), messages),
            "ms"));
  }

  private List<Target> store() throws ConfigException, IOException, InterruptedException {
    StoreBench.Result result =
        StoreBench.run(scale.bytes(), Math.min(StoreCommand.WARM_UP, scale.bytes()));
    result.lines().forEach(messages::println);
    return List.of(
        Target.atLeast(
            "10",
            "storing " + scale.bytes() / 1_000_000 + " MB, to the slowest of its parts",
            StoreBench.Result.SHARE_ASKED,
            result.share(),
            ""));
  }

  private AgreeResult run(
      int validators, int batch, int unanswered, Optional<AgreeBench.OpenLoop> openLoop, int kill)
      throws ConfigException, IOException, InterruptedException {
    return run(validators, batch, List.of(unanswered), openLoop, kill);
  }

  private AgreeResult run(
      int validators,
      int batch,
      List<Integer> unanswered,
      Optional<AgreeBench.OpenLoop> openLoop,
      int kill)
      throws ConfigException, IOException, InterruptedException {
    AgreeResult result =
        AgreeBench.run(
            new AgreeBench.Setting(
                validators,
                batch,
                PAYERS,
                CLIENTS,
                new AgreeBench.Phases(scale.warmUp(), scale.seconds(), unanswered, openLoop, kill),
                Optional.empty()),
            messages);
    messages.println(AgreeRow.head());
    result.rows().forEach(row -> messages.println(row.line()));
    result.verdicts().forEach(messages::println);
    return result;
  }

  private static Target efficiency(String number, String what, double asked, AgreeRow row) {
    return Target.atLeast(number, what, asked, row.committedPerSecond() / row.bound(), "");
  }

  private static List<Target> cutoff(String who, AgreeRow row, double askedMillis) {
    double p50 = row.blocks().afterCutoff().getValueAtPercentile(50);
    double p99 = row.blocks().afterCutoff().getValueAtPercentile(99);
    return List.of(
        Target.atMost("6", who + ": cut-off to commit, p50", askedMillis, p50, "ms"),
        Target.atMost("6", "  cut-off to commit, p99 to p50", 3, p99 / Math.max(1, p50), ""));
  }

  private static Target beside(
      String number, String what, double asked, AgreeRow ours, List<PeerRow> peers, Peer peer) {
    double theirs =
        peers.stream()
            .filter(row -> row.peer() == peer)
            .max(Comparator.comparingDouble(PeerRow::committedPerSecond))
            .orElseThrow()
            .committedPerSecond();
    return Target.atLeast(number, what, asked, ours.committedPerSecond() / theirs, "");
  }
}
