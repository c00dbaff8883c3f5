package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.undchain.core.ledger.Chain;
import org.undchain.node.audit.AuditReport;
import org.undchain.node.audit.Finding;
import org.undchain.node.cli.Console;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.net.Readiness;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.ClockFile;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetDocument.Mode;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.DevnetRun;
import org.undchain.node.json.Json;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Machinery;

/**
 * A network of processes from its first start to the audit of its disks: what it was put through,
 * and what came of it.
 */
final class Ordeal {
  private static final long READY_MILLIS_MAX = 180_000;

  private final Console console;
  private final DevnetFolder folder;
  private final DevnetPlan plan;
  private final List<Finding> findings = new ArrayList<>();
  private List<Round> rounds = List.of();
  private Map<String, Integer> refusals = new TreeMap<>();
  private long attempted;
  private long acknowledged;
  private long committed;
  private @Nullable AuditReport audit;

  Ordeal(Console console, DevnetFolder folder, DevnetPlan plan) {
    this.console = console;
    this.folder = folder;
    this.plan = plan;
  }

  /** Where the clients of a network keep what was promised to them. */
  static Path promisesOf(DevnetFolder folder) {
    return folder.root().resolve("acknowledged.log");
  }

  boolean isPassed() {
    return findings.isEmpty();
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  void run(int count) throws Failure, ConfigException, IOException, InterruptedException {
    DevnetRun run = DevnetRun.begin(folder, plan, Mode.PROCESSES, console::warn);
    Thread stop = new Thread(run::close, "nemesis-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try (PromiseLog promises = PromiseLog.create(promisesOf(folder))) {
      new Readiness(folder, plan, true).await(READY_MILLIS_MAX);
      attack(count, promises);
      run.close();
      audit = Disks.audit(folder, plan, promises.slots());
      findings.addAll(audit.findings());
    } finally {
      run.close();
      Runtime.getRuntime().removeShutdownHook(stop);
    }
  }

  private void attack(int count, PromiseLog promises)
      throws Failure, ConfigException, IOException, InterruptedException {
    Fleet fleet = new Fleet(folder, plan);
    try (Machinery machinery = Machinery.start();
        BlockWatch watch = new BlockWatch(fleet)) {
      ChainCheck check = new ChainCheck(fleet);
      Campaign campaign = new Campaign(fleet, plan, watch, check, promises, this::tell);
      Workload workload = workload(machinery, promises);
      try {
        campaign.run(count);
        if (!workload.isWorking()) {
          findings.add(new Finding("client", "workload", "a client ended by itself"));
        }
      } finally {
        workload.close();
      }
      if (campaign.findings().isEmpty()) {
        campaign.settle(workload, plan.accounts());
      }
      rounds = campaign.rounds();
      refusals = workload.refusals();
      attempted = workload.attempts().size();
      acknowledged = promises.slots().size();
      committed = check.committed(workload.attempts());
      findings.addAll(campaign.findings());
    }
  }

  private Workload workload(Machinery machinery, PromiseLog promises)
      throws ConfigException, IOException {
    Chain chain = ChainFiles.load(folder.genesisFile(), folder.rulesFile(), machinery.signatures());
    if (!(ClockFile.read(folder.clockFile()) instanceof ClockFile.Running(long offsetMillis))) {
      throw new IllegalStateException("a network that runs has a clock that runs");
    }
    Path clients = folder.root().resolve("clients");
    Files.createDirectories(clients);
    return Workload.start(
        machinery,
        chain,
        BlockClock.wall(offsetMillis),
        plan.accounts(),
        clients,
        promises,
        plan.shape().seed());
  }

  private void tell(Round round) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < Round.HEAD.size(); i++) {
      words.add(Round.HEAD.get(i).toLowerCase(java.util.Locale.ROOT) + " " + round.cells().get(i));
    }
    console.note(String.join(", ", words));
  }

  private long longestPause() {
    return rounds.stream().mapToLong(Round::longestPauseMillis).max().orElse(0);
  }

  List<String> figures() {
    List<String> lines = new ArrayList<>();
    lines.add(
        rounds.size()
            + " rounds; longest pause without a block while f were down "
            + longestPause()
            + " ms; longest time from the start of all to a block "
            + rounds.stream().mapToLong(Round::firstBlockMillis).max().orElse(0)
            + " ms");
    lines.add(
        acknowledged
            + " entries acknowledged of "
            + attempted
            + " signed, "
            + committed
            + " committed"
            + (refusals.isEmpty() ? "" : "; without a promise: " + refusals));
    Optional.ofNullable(audit).map(Disks::words).ifPresent(lines::add);
    return lines;
  }

  Json.Builder json() {
    Json.Builder document =
        Json.object()
            .put("ok", isPassed())
            .put("rounds", rounds.stream().map(Round::json).toList())
            .putInt("longestPauseMillis", (int) longestPause())
            .putInt64("signed", attempted)
            .putInt64("acknowledged", acknowledged)
            .putInt64("committed", committed);
    Optional.ofNullable(audit).ifPresent(report -> document.put("audit", Disks.json(report)));
    return document.put("findings", Disks.findings(findings));
  }
}
