package org.undchain.sim.chaos;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chance;
import org.undchain.sim.Delay;
import org.undchain.sim.Simulation;
import org.undchain.sim.VirtualClock;

/** Faults of processes, disks and clocks. */
final class NodeFaults {
  private static final int LOOPS = 5;

  private final Cluster cluster;
  private final Simulation simulation;
  private final Map<NodeId, BlockTime> downUntil = new TreeMap<>();

  NodeFaults(Cluster cluster) {
    this.cluster = cluster;
    this.simulation = cluster.simulation();
  }

  void begin(Fault fault) {
    NodeId victim = cluster.validator(fault.victim());
    switch (fault.kind()) {
      case SLOW_SYNC ->
          simulation.diskDelay(victim, new Delay(fault.amount() * 1_000, 0, fault.amount() * 500));
      case POWER_CUT -> {
        simulation.losePower(victim);
        startLater(victim, fault.forMillis());
      }
      case ERASED, OLD_BACKUP -> loseDisk(fault, victim);
      case OFFSET -> clock(victim, sign(fault) * fault.amount() * 250, 0);
      case DRIFT -> clock(victim, 0, (int) (sign(fault) * fault.amount() * 5));
      case STEP_FORWARD -> clock(victim, fault.amount() * 20_000, 0);
      case STEP_BACK -> clock(victim, -fault.amount() * 20_000, 0);
      case CRASH -> crash(victim, fault.forMillis());
      case CRASH_LOOP -> loop(victim, LOOPS, fault.amount());
      case CRASH_MANY -> many(fault).forEach(node -> crash(node, fault.forMillis()));
      case CRASH_ALL -> cluster.validators().forEach(node -> crash(node, fault.forMillis()));
      case PAUSE -> pause(victim, fault.forMillis());
      default -> throw new IllegalArgumentException("no fault of a node: " + fault.kind());
    }
  }

  void end(Fault fault) {
    NodeId victim = cluster.validator(fault.victim());
    switch (fault.kind()) {
      case SLOW_SYNC -> simulation.diskDelay(victim, cluster.disk());
      case OFFSET, DRIFT, STEP_FORWARD, STEP_BACK, STEP_AT ->
          simulation.clock(victim, VirtualClock.TRUE);
      default -> {}
    }
  }

  void endAll() {
    downUntil.clear();
    for (NodeId node : simulation.nodes()) {
      simulation.diskDelay(node, cluster.disk());
      simulation.clock(node, VirtualClock.TRUE);
      if (!simulation.isRunning(node)) {
        simulation.start(node);
      }
    }
  }

  void crash(NodeId node, long forMillis) {
    simulation.crash(node);
    startLater(node, forMillis);
  }

  /** Several outages may overlap: the last one to end starts the node. */
  void startLater(NodeId node, long forMillis) {
    BlockTime until = simulation.now().plusMillis(forMillis);
    downUntil.merge(node, until, (a, b) -> a.isBefore(b) ? b : a);
    simulation.at(
        until,
        () -> {
          BlockTime last = downUntil.getOrDefault(node, until);
          if (!simulation.isRunning(node) && !simulation.now().isBefore(last)) {
            simulation.start(node);
          }
        });
  }

  /** A node stands still, at most to the end of the chaos. */
  void pause(NodeId node, long forMillis) {
    simulation.pause(node, Math.min(forMillis, cluster.leftMillis()));
  }

  void clock(NodeId node, long offsetMicros, int driftPpm) {
    simulation.clock(
        node, new VirtualClock(offsetMicros, driftPpm, simulation.now().millis() * 1_000));
  }

  private void loseDisk(Fault fault, NodeId victim) {
    simulation.crash(victim);
    if (fault.kind() == FaultKind.ERASED) {
      simulation.eraseDisk(victim);
    } else {
      int records = simulation.disk(victim).records().size();
      simulation.restoreDisk(victim, (int) (records * fault.amount() / 1_000));
    }
    startLater(victim, fault.forMillis());
  }

  private void loop(NodeId victim, int left, long millis) {
    if (left == 0 || cluster.isCalm()) {
      return;
    }
    crash(victim, millis / 4 + 1);
    simulation.at(simulation.now().plusMillis(millis), () -> loop(victim, left - 1, millis));
  }

  private List<NodeId> many(Fault fault) {
    Chance chance = Chance.of(cluster.plan().seed(), "many " + fault.number());
    int count = (int) chance.between(1, cluster.validators().size());
    return chance.sample(cluster.validators(), count);
  }

  private static int sign(Fault fault) {
    return fault.other() % 2 == 0 ? 1 : -1;
  }
}
