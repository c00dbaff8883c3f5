package org.undchain.sim.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** A validator that tells nobody, only some, or everybody too late. */
final class Muffled implements Machine {
  private static final int HELD_MAX = 10_000;

  private final Machine honest;
  private final Fault fault;
  private final Cluster cluster;
  private final Predicate<NodeId> isLeftOut;
  private final Deque<Held> held = new ArrayDeque<>();

  private record Held(BlockTime until, Effect effect) {}

  Muffled(Machine honest, Fault fault, Cluster cluster, Predicate<NodeId> isLeftOut) {
    this.honest = honest;
    this.fault = fault;
    this.cluster = cluster;
    this.isLeftOut = isLeftOut;
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>();
    while (!held.isEmpty() && (cluster.isCalm() || !now.isBefore(held.element().until()))) {
      out.add(held.remove().effect());
    }
    for (Effect effect : honest.on(now, event)) {
      boolean isSaid = effect instanceof Effect.Send || effect instanceof Effect.Broadcast;
      if (!isSaid || cluster.isCalm()) {
        out.add(effect);
      } else if (fault.kind() == FaultKind.SELECTIVE) {
        some(effect).ifPresent(out::add);
      } else if (fault.kind() == FaultKind.LATE_SENDER && held.size() < HELD_MAX) {
        held.add(new Held(now.plusMillis(fault.amount()), effect));
      }
    }
    return out;
  }

  private java.util.Optional<Effect> some(Effect effect) {
    return switch (effect) {
      case Effect.Send(NodeId to, var message) ->
          isLeftOut.test(to) ? java.util.Optional.empty() : java.util.Optional.of(effect);
      case Effect.Broadcast(List<NodeId> to, var message) ->
          java.util.Optional.of(
              new Effect.Broadcast(to.stream().filter(isLeftOut.negate()).toList(), message));
      default -> java.util.Optional.of(effect);
    };
  }
}
