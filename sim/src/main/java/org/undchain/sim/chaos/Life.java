package org.undchain.sim.chaos;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.ledger.Table;
import org.undchain.core.machine.Notice;
import org.undchain.core.rules.Calendar;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Caller;
import org.undchain.sim.Chronicle;
import org.undchain.sim.Observer;
import org.undchain.sim.Simulation;
import org.undchain.sim.Violation;
import org.undchain.sim.checker.CallChecker;
import org.undchain.sim.checker.RecedingChecker;
import org.undchain.sim.checker.SpreadChecker;

/**
 * L1 to L6, L8, L9: after all faults ended new blocks come, everybody is there, every promise is
 * kept, and what the checkers of liveness wait for comes true.
 */
final class Life implements Observer {
  private static final long FIRST_BLOCK_MILLIS = 60_000;
  private static final long HEAD_MILLIS = 60_000;
  private static final long LIFE_MILLIS = 20_000;
  private static final int SLOTS_LEFT = 4;
  private static final long BOUNDARY_MILLIS = 120_000;

  private final Cluster cluster;
  private final Simulation simulation;
  private final Chronicle chronicle;
  private final Workload workload;
  private final Set<Hash> excused;
  private final Watch watch;
  private final Set<Hash> acknowledged = new TreeSet<>();
  private long firstBlockMillis = -1;

  /**
   * @param excused entries that their clients spoilt
   */
  Life(Cluster cluster, Watch watch, Workload workload, Set<Hash> excused) {
    this.cluster = cluster;
    this.watch = watch;
    this.simulation = cluster.simulation();
    this.chronicle = watch.chronicle();
    this.workload = workload;
    this.excused = excused;
  }

  /** From the end of the faults to the first block, −1 where it was not asked for. */
  long firstBlockMillis() {
    return firstBlockMillis;
  }

  /** Lives on; more than f traitors may have stopped the chain for good. */
  void judge() {
    if (cluster.traitors().size() > Swarm.faulty(cluster.plan().swarm().n())) {
      simulation.runUntil(simulation.now().plusMillis(LIFE_MILLIS));
      return;
    }
    long height = chronicle.height();
    BlockTime healed = simulation.now();
    await("L1", () -> chronicle.height() > height, healed.plusMillis(FIRST_BLOCK_MILLIS));
    firstBlockMillis = simulation.now().minus(healed);
    await("L2", this::isEverybodyThere, healed.plusMillis(HEAD_MILLIS));
    Map<Hash, Long> promised = promised();
    BlockTime calm = simulation.now();
    watch.sessions().healed(calm);
    watch.calls().healed(calm);
    ask();
    simulation.runUntil(simulation.now().plusMillis(LIFE_MILLIS));
    workload.end();
    promised.forEach((id, last) -> {
      if (last <= chronicle.slot() && chronicle.slotOf(id).isEmpty()) {
        fail("L3", "entry " + id + " was acknowledged, good through slot " + last);
      }
    });
    simulation.check(() -> watch.breaches().judge(calm));
    await("L6", () -> watch.calls().isDone(calm), calm.plusMillis(CallChecker.MILLIS));
    settle(healed, calm);
  }

  /** What the tenant's agent can be asked at any time. */
  private void ask() {
    if (cluster.plan().swarm().hasJobs()) {
      NodeId tenant = cluster.tenant().id();
      simulation.command(tenant, new ClientCommand.LookUp(cluster.partners()));
      simulation.command(
          tenant, new ClientCommand.ReadLeaf(Table.ACCOUNT.number(), tenant.bytes()));
    }
  }

  /** What takes longer, where there is something to wait for. */
  private void settle(BlockTime healed, BlockTime calm) {
    Swarm swarm = cluster.plan().swarm();
    Calendar calendar = cluster.chain().calendar();
    if (swarm.hasJobs()) {
      long period = calendar.periodOf(calendar.slotAt(calm.plusMillis(LIFE_MILLIS)));
      BlockTime boundary = calendar.startOf(calendar.firstSlotOf(period + 1) + SLOTS_LEFT);
      if (boundary.minus(calm) < BOUNDARY_MILLIS) {
        simulation.runUntil(boundary);
      }
    }
    if (swarm.measuresTime()) {
      simulation.runUntil(healed.plusMillis(SpreadChecker.MILLIS));
      simulation.check(() -> watch.spread().judge(cluster.honest()));
    }
    if (!simulation.now().isBefore(healed.plusMillis(RecedingChecker.MILLIS))) {
      simulation.check(() -> watch.receding().judge(cluster.honest()));
    }
  }

  private void await(String property, java.util.function.BooleanSupplier isDone, BlockTime until) {
    if (!simulation.runUntil(isDone, until)) {
      fail(property, "height " + chronicle.height() + ", heights " + heights());
    }
  }

  private Map<NodeId, Long> heights() {
    Map<NodeId, Long> heights = new TreeMap<>();
    cluster.validators().forEach(node -> heights.put(node, chronicle.height(node)));
    return heights;
  }

  private void fail(String property, String detail) {
    simulation.check(() -> {
      throw new Violation(property, detail);
    });
  }

  private boolean isEverybodyThere() {
    return cluster.validators().stream()
        .allMatch(node -> chronicle.height(node) >= chronicle.height() - 1);
  }

  /** Entries acknowledged by an honest validator, and still good for a while. */
  private Map<Hash, Long> promised() {
    Map<Hash, Long> promised = new TreeMap<>();
    // R4.33: windows end in the slots that a chain passes over which stood still; what its open
    // files of before owe is asked for by slots, in PromiseChecker
    long clock = cluster.chain().calendar().slotAt(simulation.now());
    long newest = Math.max(chronicle.slot(), clock);
    for (Hash id : acknowledged) {
      long last = workload.validTo().getOrDefault(id, -1L);
      if (last >= newest + SLOTS_LEFT && !excused.contains(id)) {
        promised.put(id, last);
      }
    }
    return promised;
  }

  /** What clients got an Ack for, of a validator of which something is promised. */
  Set<Hash> acknowledged() {
    return acknowledged;
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    if (notice instanceof Caller.Answer answer
        && answer.body().hasAck()
        && !cluster.traitors().contains(answer.from())) {
      acknowledged.add(Hash.of(answer.body().getAck().getEntryId()));
    }
  }
}
