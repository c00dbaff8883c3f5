package org.undchain.sim.chaos;

import java.util.ArrayList;
import java.util.List;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.BlockTime;
import org.undchain.sim.Chance;

/** A validator that says again what it and others said long ago, of other slots and periods. */
final class Replayer implements Machine {
  private static final int KEPT = 256;
  private static final int PER_MILLE = 50;

  private final Machine honest;
  private final Cluster cluster;
  private final Chance chance;
  private final List<Envelope> heard = new ArrayList<>();

  Replayer(Machine honest, Cluster cluster, Chance chance) {
    this.honest = honest;
    this.cluster = cluster;
    this.chance = chance;
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>(honest.on(now, event));
    if (cluster.isCalm()) {
      return out;
    }
    if (event instanceof Event.MessageIn message) {
      keep(message.message().envelope());
    }
    for (Effect effect : out) {
      if (effect instanceof Effect.Broadcast said) {
        keep(said.message());
      }
    }
    if (!heard.isEmpty() && chance.perMille(PER_MILLE)) {
      out.add(new Effect.Broadcast(cluster.validators(), chance.pick(heard)));
    }
    return out;
  }

  /** Old ones stay: what is new replaces any other. */
  private void keep(Envelope envelope) {
    if (heard.size() < KEPT) {
      heard.add(envelope);
    } else if (chance.perMille(PER_MILLE)) {
      heard.set((int) chance.below(KEPT), envelope);
    }
  }
}
