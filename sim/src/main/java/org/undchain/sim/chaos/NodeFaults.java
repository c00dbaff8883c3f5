package org.undchain.sim.chaos;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chance;
import org.undchain.sim.Delay;
import org.undchain.sim.DiskHealth;
import org.undchain.sim.Simulation;
import org.undchain.sim.VirtualClock;

/** Faults of processes, disks and clocks. */
final class NodeFaults {
  private static final int LOOPS = 5;
  private static final int LOST_MAX = 40;
  private static final long SOON_MILLIS = 100;
  private static final long SERVICE_MILLIS = 1_000;
  private static final long HANG_MICROS = 10_000_000;

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
      case SYNC_HANGS ->
          simulation.diskDelay(victim, new Delay(HANG_MICROS, 0, fault.amount() * 1_000));
      case TORN_TAIL -> {
        simulation.tear(victim, fault.amount());
        startLater(victim, fault.forMillis());
      }
      case WRITE_ERROR -> {
        simulation.diskHealth(victim, DiskHealth.FAILS_ONCE);
        startAgain(victim, fault.forMillis());
      }
      case DISK_FULL -> {
        simulation.diskHealth(victim, DiskHealth.FULL);
        startAgain(victim, fault.forMillis());
      }
      case ERASED, OLD_BACKUP, BIT_FLIP, MISDIRECTED, LYING_SYNC -> loseDisk(fault, victim);
      case DIES_RECOVERING -> dieRecovering(victim, LOOPS, fault.amount());
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
      case SLOW_SYNC, SYNC_HANGS -> simulation.diskDelay(victim, cluster.disk());
      case WRITE_ERROR, DISK_FULL -> simulation.diskHealth(victim, DiskHealth.GOOD);
      case OFFSET, DRIFT, STEP_FORWARD, STEP_BACK, STEP_AT ->
          simulation.clock(victim, VirtualClock.TRUE);
      default -> {}
    }
  }

  void endAll() {
    downUntil.clear();
    for (NodeId node : simulation.nodes()) {
      simulation.spare(node);
      simulation.diskDelay(node, cluster.disk());
      simulation.diskHealth(node, DiskHealth.GOOD);
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
    simulation.at(until, () -> startIfDue(node));
  }

  private void startIfDue(NodeId node) {
    BlockTime last = downUntil.getOrDefault(node, simulation.now());
    if (!simulation.isRunning(node) && !simulation.now().isBefore(last)) {
      simulation.start(node);
    }
  }

  /** A node stands still, at most to the end of the chaos. */
  void pause(NodeId node, long forMillis) {
    simulation.pause(node, Math.min(forMillis, cluster.leftMillis()));
  }

  void clock(NodeId node, long offsetMicros, int driftPpm) {
    simulation.clock(
        node, new VirtualClock(offsetMicros, driftPpm, simulation.now().millis() * 1_000));
  }

  /** A node dies, its disk loses the last records without a word, and it is back at once. */
  void forget(NodeId victim, int kept) {
    simulation.crash(victim);
    simulation.loseSynced(victim, Math.max(0, simulation.disk(victim).size() - kept));
    startLater(victim, SOON_MILLIS);
  }

  private void loseDisk(Fault fault, NodeId victim) {
    simulation.crash(victim);
    Chance chance = Chance.of(cluster.plan().seed(), "disk " + fault.number());
    int records = simulation.disk(victim).size();
    int hit = records == 0 ? 0 : (int) chance.below(records);
    switch (fault.kind()) {
      case ERASED -> simulation.eraseDisk(victim);
      case OLD_BACKUP -> simulation.restoreDisk(victim, (int) (records * fault.amount() / 1_000));
      case LYING_SYNC -> {
        int lost = (int) chance.between(1, LOST_MAX);
        if (fault.other() % 2 == 0) {
          simulation.loseSynced(victim, lost); // log and guard alike: nothing shows it
        } else {
          simulation.restoreDisk(victim, Math.max(0, records - lost)); // the guard knows more
        }
      }
      case BIT_FLIP -> {
        if (records > 0) {
          simulation.flipBit(victim, hit, chance);
        }
      }
      case MISDIRECTED -> {
        if (records > 1) {
          simulation.misdirect(victim, (hit + 1) % records, hit);
        }
      }
      default -> throw new IllegalArgumentException("loses no disk: " + fault.kind());
    }
    boolean isSoon = fault.kind() == FaultKind.LYING_SYNC; // others still speak of its height
    startLater(victim, isSoon ? Math.min(SOON_MILLIS, fault.forMillis()) : fault.forMillis());
  }

  /** Whatever ends the process: it is started again every second, as a service manager does. */
  private void startAgain(NodeId victim, long forMillis) {
    for (long at = SERVICE_MILLIS; at <= forMillis + SERVICE_MILLIS; at += SERVICE_MILLIS) {
      simulation.at(simulation.now().plusMillis(at), () -> startIfDue(victim));
    }
  }

  /** A node that dies with the first records it writes after each start. */
  private void dieRecovering(NodeId victim, int left, long millis) {
    if (left == 0 || cluster.isCalm()) {
      return;
    }
    simulation.crash(victim);
    startLater(victim, millis / 4 + 1);
    simulation.at(
        simulation.now().plusMillis(millis / 4 + 1),
        () -> {
          if (simulation.isRunning(victim) && !cluster.isCalm()) {
            simulation.doom(victim);
            simulation.at(
                simulation.now().plusMillis(millis), () -> dieRecovering(victim, left - 1, millis));
          }
        });
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
