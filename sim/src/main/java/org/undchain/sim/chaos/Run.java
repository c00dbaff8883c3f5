package org.undchain.sim.chaos;

import java.io.PrintStream;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.message.ChainContext;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Caller;
import org.undchain.sim.Chronicle;
import org.undchain.sim.Honest;
import org.undchain.sim.Signatures;
import org.undchain.sim.Simulation;
import org.undchain.sim.SimulationFailure;
import org.undchain.sim.Violation;
import org.undchain.sim.World;
import org.undchain.sim.checker.AgreementChecker;
import org.undchain.sim.checker.OnceChecker;
import org.undchain.sim.checker.PayoutChecker;
import org.undchain.sim.checker.PromiseChecker;
import org.undchain.sim.checker.QuorumChecker;
import org.undchain.sim.checker.SigningChecker;

/** One run of one plan: chaos, heal, life afterwards, replay from genesis. */
public final class Run {
  private static final long FIRST_BLOCK_MILLIS = 60_000;
  private static final long HEAD_MILLIS = 60_000;
  private static final long LIFE_MILLIS = 20_000;

  private final FaultPlan plan;
  private final Cluster cluster;
  private final Simulation simulation;
  private final NetworkFaults network;
  private final NodeFaults nodes;
  private final Triggers triggers;
  private final Chronicle chronicle;
  private final Workload workload;
  private final PromiseChecker promises;
  private final QuorumChecker quorums;
  private final Marks marks;
  private final Set<FaultKind> used = EnumSet.noneOf(FaultKind.class);
  private long healMillis = -1;

  private Run(FaultPlan plan, Signatures signatures, Optional<PrintStream> trace) {
    this.plan = plan;
    this.cluster = new Cluster(plan, signatures);
    this.simulation = cluster.simulation();
    this.network = new NetworkFaults(cluster);
    this.nodes = new NodeFaults(cluster);
    this.triggers = new Triggers(cluster, network, nodes);
    this.chronicle = new Chronicle(cluster.chain());
    this.workload = new Workload(cluster, chronicle);
    this.marks = new Marks(cluster);
    ChainContext context = cluster.chain().context();
    this.promises = new PromiseChecker(context, Swarm.faulty(plan.swarm().n()) + 1);
    this.quorums = new QuorumChecker(context, cluster.chain().signatures(), cluster.firstSet());
    trace.ifPresent(out -> simulation.observe(new Telling(cluster, out)));
    simulation.observe(chronicle);
    simulation.observe(new AgreementChecker(context.chainId()));
    simulation.observe(quorums);
    simulation.observe(new OnceChecker(context));
    simulation.observe(new PayoutChecker(context));
    simulation.observe(new Honest(promises, cluster.traitors()));
    simulation.observe(new Honest(new SigningChecker(cluster::isKeyOfTraitor), cluster.traitors()));
    simulation.observe(marks);
    simulation.observe(triggers);
  }

  /**
   * @param until virtual milliseconds after which the run is broken off, if any
   * @param trace where every fault and notice is told, if anywhere
   */
  public static Outcome play(
      FaultPlan plan, Signatures signatures, Optional<Long> until, Optional<PrintStream> trace) {
    Run run = new Run(plan, signatures, trace);
    Optional<Outcome.Finding> finding = Optional.empty();
    try {
      run.chaos(until);
      if (until.isEmpty()) {
        run.heal();
        run.life();
        run.replay();
      }
    } catch (SimulationFailure failure) {
      finding = Optional.of(finding(failure));
    }
    return run.outcome(finding);
  }

  private static Outcome.Finding finding(SimulationFailure failure) {
    String invariant =
        failure.getCause() instanceof Violation violation ? violation.invariant() : "no exception";
    return new Outcome.Finding(invariant, String.valueOf(failure.getMessage()));
  }

  private Outcome outcome(Optional<Outcome.Finding> finding) {
    long later = quorums.rounds().values().stream().filter(round -> round > 0).count();
    return new Outcome(
        plan,
        simulation.now().minus(World.T0),
        chronicle.height(),
        later,
        acked().size(),
        simulation.events(),
        healMillis,
        used,
        marks.hit(),
        simulation.traceHash(),
        finding);
  }

  private void chaos(Optional<Long> until) {
    plan.faults().forEach(this::schedule);
    cluster.start();
    workload.begin();
    long length = plan.swarm().chaosMillis();
    simulation.runUntil(World.T0.plusMillis(Math.min(length, until.orElse(length))));
  }

  private void schedule(Fault fault) {
    BlockTime at = World.T0.plusMillis(fault.atMillis());
    simulation.at(at, () -> begin(fault));
    if (fault.kind().group() != FaultKind.Group.TRIGGER) {
      simulation.at(at.plusMillis(fault.forMillis()), () -> end(fault));
    }
  }

  private void begin(Fault fault) {
    if (cluster.isCalm()) {
      return;
    }
    used.add(fault.kind());
    switch (fault.kind().group()) {
      case NETWORK -> network.begin(fault);
      case DISK, CLOCK, PROCESS -> nodes.begin(fault);
      case TRIGGER -> triggers.arm(fault);
      case CLIENT -> workload.inflict(fault);
      case TRAITOR -> {} // lies from the first event on
    }
  }

  private void end(Fault fault) {
    if (cluster.isCalm()) {
      return;
    }
    switch (fault.kind().group()) {
      case NETWORK -> network.end(fault);
      case DISK, CLOCK, PROCESS -> nodes.end(fault);
      case TRIGGER, CLIENT, TRAITOR -> {}
    }
  }

  private void heal() {
    cluster.calm();
    triggers.disarm();
    network.endAll();
    nodes.endAll();
  }

  /** L1 to L3: new blocks, everybody at the head, every promise kept. */
  private void life() {
    if (plan.traitors().size() > Swarm.faulty(plan.swarm().n())) {
      simulation.runUntil(simulation.now().plusMillis(LIFE_MILLIS));
      return;
    }
    long height = chronicle.height();
    BlockTime healed = simulation.now();
    simulation.runUntilOrFail(
        () -> chronicle.height() > height,
        healed.plusMillis(FIRST_BLOCK_MILLIS),
        "L1: a new block after all faults ended");
    healMillis = simulation.now().minus(healed);
    simulation.runUntilOrFail(
        this::isEverybodyThere, healed.plusMillis(HEAD_MILLIS), "L2: every validator at the head");
    Map<Hash, Long> promised = promised();
    simulation.runUntil(simulation.now().plusMillis(LIFE_MILLIS));
    workload.end();
    long slot = chronicle.slot();
    Set<Hash> lost = new TreeSet<>();
    promised.forEach((id, last) -> {
      if (last <= slot && chronicle.slotOf(id).isEmpty()) {
        lost.add(id);
      }
    });
    simulation.runUntilOrFail(
        lost::isEmpty, simulation.now(), "L3: acknowledged entries are committed: " + lost);
  }

  private boolean isEverybodyThere() {
    return cluster.validators().stream()
        .allMatch(node -> chronicle.height(node) >= chronicle.height() - 1);
  }

  /**
   * Entries acknowledged by a validator of which something is promised, and still good for a while.
   */
  private Map<Hash, Long> promised() {
    long slot = chronicle.slot();
    Map<Hash, Long> promised = new TreeMap<>();
    acked()
        .forEach(id -> {
          long last = workload.validTo().getOrDefault(id, -1L);
          if (last >= slot + 4 && !workload.doubtful().contains(id)) {
            promised.put(id, last);
          }
        });
    return promised;
  }

  private Set<Hash> acked() {
    Set<Hash> acked = new TreeSet<>();
    for (NodeId client : cluster.clients()) {
      simulation.notices(client).stream()
          .filter(Caller.Answer.class::isInstance)
          .map(Caller.Answer.class::cast)
          .filter(answer -> answer.body().hasAck() && !cluster.traitors().contains(answer.from()))
          .forEach(answer -> acked.add(Hash.of(answer.body().getAck().getEntryId())));
    }
    return acked;
  }

  /** S8: the log of each honest validator, executed anew, comes to the states that were told. */
  private void replay() {
    for (NodeId node : cluster.honest()) {
      simulation.check(() -> Replayed.judge(cluster.chain(), simulation.disk(node), chronicle));
    }
  }
}
