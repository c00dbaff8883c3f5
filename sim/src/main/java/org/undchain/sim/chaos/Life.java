package org.undchain.sim.chaos;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Caller;
import org.undchain.sim.Chronicle;
import org.undchain.sim.Simulation;
import org.undchain.sim.Violation;

/** L1 to L3: after all faults ended new blocks come, everybody is there, every promise is kept. */
final class Life {
  private static final long FIRST_BLOCK_MILLIS = 60_000;
  private static final long HEAD_MILLIS = 60_000;
  private static final long LIFE_MILLIS = 20_000;
  private static final int SLOTS_LEFT = 4;

  private final Cluster cluster;
  private final Simulation simulation;
  private final Chronicle chronicle;
  private final Workload workload;
  private final Set<Hash> excused;
  private long firstBlockMillis = -1;

  /**
   * @param excused entries that their clients spoilt
   */
  Life(Cluster cluster, Chronicle chronicle, Workload workload, Set<Hash> excused) {
    this.cluster = cluster;
    this.simulation = cluster.simulation();
    this.chronicle = chronicle;
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
    simulation.runUntil(simulation.now().plusMillis(LIFE_MILLIS));
    workload.end();
    promised.forEach((id, last) -> {
      if (last <= chronicle.slot() && chronicle.slotOf(id).isEmpty()) {
        fail("L3", "entry " + id + " was acknowledged, good through slot " + last);
      }
    });
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
    for (Hash id : acknowledged()) {
      long last = workload.validTo().getOrDefault(id, -1L);
      if (last >= chronicle.slot() + SLOTS_LEFT && !excused.contains(id)) {
        promised.put(id, last);
      }
    }
    return promised;
  }

  /** What clients got an Ack for, of a validator of which something is promised. */
  Set<Hash> acknowledged() {
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
}
