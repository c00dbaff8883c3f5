package org.undchain.sim.chaos;

import java.io.PrintStream;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chronicle;
import org.undchain.sim.Signatures;
import org.undchain.sim.Simulation;
import org.undchain.sim.SimulationFailure;
import org.undchain.sim.Violation;
import org.undchain.sim.World;
import org.undchain.sim.checker.ReplayChecker;

/** One run of one plan: chaos, heal, life afterwards, replay from genesis. */
public final class Run {
  private final FaultPlan plan;
  private final Cluster cluster;
  private final Simulation simulation;
  private final Watch watch;
  private final NetworkFaults network;
  private final NodeFaults nodes;
  private final Triggers triggers;
  private final Workload workload;
  private final Jobs jobs;
  private final LockSplit lockSplit;
  private final Life life;
  private final Set<Hash> excused = new TreeSet<>();
  private final Set<FaultKind> used = EnumSet.noneOf(FaultKind.class);

  private Run(FaultPlan plan, Signatures signatures, Optional<PrintStream> trace) {
    this.plan = plan;
    this.cluster = new Cluster(plan, signatures);
    this.simulation = cluster.simulation();
    trace.ifPresent(out -> simulation.observe(new Telling(cluster, out)));
    this.watch = new Watch(cluster);
    this.network = new NetworkFaults(cluster);
    this.nodes = new NodeFaults(cluster);
    this.triggers = new Triggers(cluster, network, nodes);
    this.jobs = new Jobs(cluster, nodes);
    simulation.observe(triggers);
    simulation.observe(jobs);
    Chronicle chronicle = watch.chronicle();
    this.workload = new Workload(cluster, chronicle, this::excuse);
    this.lockSplit = new LockSplit(cluster, network, workload, chronicle);
    simulation.observe(lockSplit);
    this.life = new Life(cluster, watch, workload, excused);
    simulation.observe(life);
  }

  /**
   * @param until virtual milliseconds after which the run is broken off, if any
   * @param trace where every notice is told, if anywhere
   */
  public static Outcome play(
      FaultPlan plan, Signatures signatures, Optional<Long> until, Optional<PrintStream> trace) {
    Run run = new Run(plan, signatures, trace);
    Optional<Outcome.Finding> finding = Optional.empty();
    try {
      run.chaos(until);
      if (until.isEmpty()) {
        run.heal();
        run.life.judge();
        run.replay();
      }
    } catch (SimulationFailure failure) {
      finding = Optional.of(finding(failure));
    }
    return run.outcome(finding);
  }

  private static Outcome.Finding finding(SimulationFailure failure) {
    String invariant =
        failure.getCause() instanceof Violation violation
            ? violation.invariant()
            : String.valueOf(failure.getCause()).split(":")[0];
    return new Outcome.Finding(invariant, String.valueOf(failure.getMessage()));
  }

  private Outcome outcome(Optional<Outcome.Finding> finding) {
    long later = watch.quorums().rounds().values().stream().filter(round -> round > 0).count();
    return new Outcome(
        plan,
        simulation.now().minus(World.T0),
        watch.chronicle().height(),
        later,
        life.acknowledged().size(),
        simulation.events(),
        life.firstBlockMillis(),
        used,
        watch.marks().hit(),
        simulation.traceHash(),
        finding);
  }

  /** An entry that its client spoils by another one under the same nonce. */
  private void excuse(Hash entryId) {
    excused.add(entryId);
    watch.promises().excuse(entryId);
  }

  private void chaos(Optional<Long> until) {
    plan.faults().forEach(this::schedule);
    cluster.start();
    workload.begin();
    jobs.begin();
    long length = plan.swarm().chaosMillis();
    simulation.runUntil(World.T0.plusMillis(Math.min(length, until.orElse(length))));
  }

  private void schedule(Fault fault) {
    BlockTime at = World.T0.plusMillis(fault.atMillis());
    simulation.at(at, () -> inChaos(() -> begin(fault)));
    simulation.at(at.plusMillis(fault.forMillis()), () -> inChaos(() -> end(fault)));
  }

  private void inChaos(Runnable action) {
    if (!cluster.isCalm()) {
      action.run();
    }
  }

  private void begin(Fault fault) {
    used.add(fault.kind());
    switch (fault.kind().group()) {
      case NETWORK -> network.begin(fault);
      case DISK, CLOCK, PROCESS -> {
        if (fault.kind() == FaultKind.LYING_SYNC) {
          triggers.arm(fault); // the worst of what it can lose is a vote
        } else {
          nodes.begin(fault);
        }
      }
      case TRIGGER -> triggers.arm(fault);
      case SCHEDULE -> lockSplit.arm(fault);
      case CLIENT -> workload.inflict(fault);
      case PARTY -> jobs.inflict(fault);
      case TRAITOR -> {} // lies from the first event on
    }
  }

  private void end(Fault fault) {
    switch (fault.kind().group()) {
      case NETWORK -> network.end(fault);
      case DISK, CLOCK, PROCESS -> nodes.end(fault);
      case TRIGGER, SCHEDULE, CLIENT, PARTY, TRAITOR -> {}
    }
  }

  private void heal() {
    cluster.calm();
    triggers.disarm();
    network.endAll();
    nodes.endAll();
  }

  /** Every honest validator's log, executed anew. */
  private void replay() {
    ReplayChecker replay = new ReplayChecker(cluster.chain(), watch.chronicle());
    for (NodeId node : cluster.honest()) {
      simulation.check(() -> replay.judge(simulation.disk(node)));
    }
  }
}
