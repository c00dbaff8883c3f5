package org.undchain.sim.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Caller;
import org.undchain.sim.Signatures;
import org.undchain.sim.Simulation;
import org.undchain.sim.SimulationFailure;
import org.undchain.sim.TimeRules;
import org.undchain.sim.Violation;
import org.undchain.sim.World;

/** Life after the faults is not asked for in vain: where it does not come, that is reported. */
@Tag("slow")
class LifeTest {
  private static final int WINDOW = 8;

  private final Cluster cluster = new Cluster(plan(), Signatures.fake());
  private final Simulation simulation = cluster.simulation();
  private final Watch watch = new Watch(cluster);
  private final Workload workload = new Workload(cluster, watch.chronicle(), id -> {});
  private final Life life = new Life(cluster, watch, workload, Set.of());

  private static FaultPlan plan() {
    Swarm.Limits limits =
        new Swarm.Limits(
            4,
            4,
            Optional.empty(),
            Optional.of(10_000L),
            Optional.of(0),
            new TreeSet<>(Set.of(FaultKind.RESET)),
            TimeRules.NONE,
            false);
    return FaultPlan.draw(1, Swarm.draw(1, limits)).keeping(fault -> false);
  }

  private void start() {
    simulation.observe(life);
    cluster.start();
    simulation.runUntil(World.T0.plusMillis(10_000));
    cluster.calm();
  }

  private void live() {
    life.judge();
  }

  private static void assertViolates(String property, ThrowingCallable life) {
    assertThatThrownBy(life)
        .isInstanceOf(SimulationFailure.class)
        .cause()
        .isInstanceOfSatisfying(
            Violation.class, violation -> assertThat(violation.invariant()).isEqualTo(property));
  }

  @Test
  void lifeIsFoundWhereItIs() {
    start();
    live();
  }

  @Test
  void aChainThatStandsStillViolatesL1() {
    start();
    cluster.validators().subList(0, 2).forEach(simulation::crash);
    assertViolates("L1", this::live);
  }

  @Test
  void aValidatorThatStaysBehindViolatesL2() {
    start();
    simulation.crash(cluster.validator(3));
    simulation.runUntil(simulation.now().plusMillis(10_000));
    assertViolates("L2", this::live);
  }

  @Test
  void aPromiseThatIsNeverKeptViolatesL3() {
    start();
    onlyHeardBy(unheard());
    assertViolates("L3", this::live);
  }

  /** Slots in which nobody could decide are passed over (R4.33), and windows end in them. */
  @Test
  @Tag("R4.33")
  void whatWasGoodOnlyWhileTheChainStoodStillIsNotAskedFor() {
    start();
    long last = cluster.chain().calendar().slotAt(simulation.now()) + WINDOW;
    Hash entry = onlyHeardBy(unheard());
    cluster.validators().subList(0, 2).forEach(simulation::crash);
    simulation.runUntil(cluster.chain().calendar().startOf(last));
    assertThat(watch.chronicle().slot()).isLessThan(last - WINDOW / 2);
    cluster.validators().subList(0, 2).forEach(simulation::start);
    live();
    assertThat(watch.chronicle().slotOf(entry)).isEmpty();
    assertThat(life.acknowledged()).contains(entry);
  }

  /** A validator whose stamps reach nobody. */
  private NodeId unheard() {
    NodeId unheard = cluster.validator(2);
    simulation
        .network()
        .censor((from, to, message) ->
            from.equals(unheard)
                && cluster.validators().contains(to)
                && (message.getType() == WireMessage.LANE_BATCH_FIELD_NUMBER
                    || message.getType() == WireMessage.RECON_FIELD_NUMBER));
    return unheard;
  }

  /** An entry that one validator alone has stamped. */
  private Hash onlyHeardBy(NodeId validator) {
    long slot = cluster.chain().calendar().slotAt(simulation.now());
    Envelope entry =
        Envelopes.sealEntry(
            cluster.chain().context(),
            cluster.client(0),
            cluster.chain().calendar().periodOf(slot),
            Transfer.newBuilder()
                .setNonce(1)
                .setValidFrom(slot)
                .setValidTo(slot + WINDOW)
                .setTo(cluster.clients().get(0).toByteString())
                .setAmount(1)
                .build());
    Hash id = Envelopes.id(cluster.chain().context(), entry);
    workload.validTo().put(id, slot + WINDOW);
    simulation.command(cluster.clients().get(0), new Caller.Call(List.of(validator), entry));
    simulation.runUntil(simulation.now().plusMillis(300));
    return id;
  }
}
