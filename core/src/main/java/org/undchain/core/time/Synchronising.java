package org.undchain.core.time;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.Machine;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Role;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/**
 * A machine that starts only when its node's clock is that of the others: until then it measures,
 * signs nothing but answers to probes, and makes no promise (R3.1: UNSYNCED).
 *
 * <p>Whoever runs it applies {@link ClockNotice.Stepped} to its clock before the next event.
 */
public final class Synchronising implements Machine {
  private static final int PEERS_MAX = 4096;

  private final ClockBootstrap clock;
  private final Machine then;
  private final Map<NodeId, Role> peers = new TreeMap<>();
  private boolean isRunning;

  /**
   * @param set the newest validators this node knows of
   * @param then what runs as soon as the clock is right
   */
  public Synchronising(Chain chain, Signer identity, ValidatorSet set, Machine then) {
    this.clock = new ClockBootstrap(chain, identity, set);
    this.then = then;
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    if (isRunning) {
      return then.on(now, event);
    }
    switch (event) {
      case Event.PeerUp(NodeId peer, Role role) -> {
        if (peers.size() < PEERS_MAX) {
          peers.put(peer, role);
        }
      }
      case Event.PeerDown(NodeId peer) -> peers.remove(peer);
      case Event.Started started -> {}
      case Event.MessageIn message -> {}
      case Event.TimerFired timer -> {}
      case Event.CommandIn command -> {}
    }
    List<Effect> out = new ArrayList<>(clock.on(now, event));
    if (clock.isDone()) {
      isRunning = true;
      BlockTime right = now.plusMillis(step(out));
      out.addAll(then.on(right, new Event.Started()));
      peers.forEach((peer, role) -> out.addAll(then.on(right, new Event.PeerUp(peer, role))));
      peers.clear();
    }
    return out;
  }

  @Override
  public List<Load> loads() {
    return then.loads();
  }

  /** The clock steps in this very event: what starts now starts in the time after it. */
  private static long step(List<Effect> effects) {
    return effects.stream()
        .map(Synchronising::stepOf)
        .flatMap(Optional::stream)
        .mapToLong(ClockNotice.Stepped::millis)
        .sum();
  }

  private static Optional<ClockNotice.Stepped> stepOf(Effect effect) {
    return effect instanceof Effect.Deliver(ClockNotice.Stepped stepped)
        ? Optional.of(stepped)
        : Optional.empty();
  }
}
