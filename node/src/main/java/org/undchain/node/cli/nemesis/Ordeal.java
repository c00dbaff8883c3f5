package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.undchain.core.ledger.Chain;
import org.undchain.node.audit.Finding;
import org.undchain.node.cli.Console;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.nemesis.relay.Links;
import org.undchain.node.cli.nemesis.relay.Relay;
import org.undchain.node.cli.net.Readiness;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.ClockFile;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetDocument.Mode;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.DevnetRun;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Machinery;

/** A network of processes behind a relay, from its first start to the audit of its disks. */
final class Ordeal {
  private static final long READY_MILLIS_MAX = 180_000;

  private final Console console;
  private final DevnetFolder folder;
  private final DevnetPlan plan;
  private final List<FaultType> types;
  private final List<Finding> findings = Collections.synchronizedList(new ArrayList<>());

  /**
   * @param types kinds of fault that the network is put through
   */
  Ordeal(Console console, DevnetFolder folder, DevnetPlan plan, Collection<FaultType> types) {
    this.console = console;
    this.folder = folder;
    this.plan = plan;
    this.types = List.copyOf(types);
  }

  /** Where the clients of a network keep what was promised to them. */
  static Path promisesOf(DevnetFolder folder) {
    return folder.root().resolve("acknowledged.log");
  }

  /** What came of it. */
  Verdict run(Limits limits) throws Failure, ConfigException, IOException, InterruptedException {
    Fleet fleet = new Fleet(folder, plan);
    Wiring wiring = new Wiring(folder, fleet.validators());
    DevnetRun run = DevnetRun.begin(folder, plan, Mode.PROCESSES, console::warn);
    Thread stop = new Thread(() -> stop(run, fleet), "nemesis-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    Links links = new Links();
    Verdict verdict;
    try (PromiseLog promises = PromiseLog.create(promisesOf(folder));
        Relay relay = wiring.open(links, fleet, plan.shape().seed())) {
      new Readiness(folder, plan, true).await(READY_MILLIS_MAX);
      verdict = attack(limits, fleet, new NetworkFaults(wiring, links, relay), wiring, promises);
      stop(run, fleet);
      return verdict.with(Disks.audit(folder, plan, promises.slots()));
    } finally {
      stop(run, fleet);
      Runtime.getRuntime().removeShutdownHook(stop);
    }
  }

  /** Ends all processes and leaves no file system behind. */
  private static void stop(DevnetRun run, Fleet fleet) {
    run.close();
    for (DevnetNode node : fleet.validators()) {
      FullDisk.release(fleet.folder(), node);
    }
  }

  private Verdict attack(
      Limits limits, Fleet fleet, NetworkFaults network, Wiring wiring, PromiseLog promises)
      throws Failure, ConfigException, IOException, InterruptedException {
    try (Machinery machinery = Machinery.start();
        BlockWatch watch = new BlockWatch(fleet)) {
      long slotMillis = plan.shape().slotMillis();
      Faults faults =
          new Faults(
              new ProcessFaults(fleet, findings::add),
              network,
              new ClockFaults(fleet, wiring),
              new DiskFaults(fleet, watch, slotMillis, findings::add));
      Campaign campaign =
          new Campaign(
              fleet, watch, promises, faults, findings, result -> console.note(result.words()));
      Workload workload = workload(machinery, promises);
      try {
        List<DevnetNode> active = fleet.validators().stream().filter(DevnetNode::isActive).toList();
        campaign.run(new Plan(active, types, slotMillis, plan.shape().seed()), limits);
        if (!workload.isWorking()) {
          findings.add(new Finding("client", "workload", "a client ended by itself"));
        }
      } finally {
        workload.close();
      }
      if (campaign.findings().isEmpty()) {
        campaign.settle(workload, plan.accounts());
      }
      return new Verdict(
          campaign.results(),
          campaign.counts(),
          types.size(),
          fleet.kills(),
          workload.attempts().size(),
          promises.slots().size(),
          campaign.committed(workload),
          workload.refusals(),
          Optional.empty(),
          campaign.findings());
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
}
