package org.undchain.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Role;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/**
 * Two honest machines under one key, each connected to its own part of the others: equivocation and
 * amnesia without a line of dishonest code. When the twin is over, the first machine goes on alone.
 *
 * <p>The first that each of the others says of its tip both hear: a start that listens (decision
 * 0029) must not keep the twin of a part with less than a quorum silent.
 */
public final class Twin implements Machine {
  private static final String MARK = "twin ";

  private final Machine first;
  private final Machine second;
  private final VirtualDisk secondDisk;
  private final Predicate<NodeId> isOfSecond;
  private final BooleanSupplier isOver;
  private final Map<NodeId, Role> peers = new TreeMap<>();
  private final Set<NodeId> heardByBoth = new TreeSet<>();
  private boolean isAlone;

  private Twin(
      Machine first,
      Machine second,
      VirtualDisk secondDisk,
      Predicate<NodeId> isOfSecond,
      BooleanSupplier isOver) {
    this.first = first;
    this.second = second;
    this.secondDisk = secondDisk;
    this.isOfSecond = isOfSecond;
    this.isOver = isOver;
  }

  /**
   * @param secondDisk keeps the log of the second machine over restarts
   * @param isOfSecond peers that talk to the second machine, all others to the first
   */
  public static Twin of(
      NodeSpec.Boot boot,
      NodeSpec.Start start,
      VirtualDisk secondDisk,
      Predicate<NodeId> isOfSecond,
      BooleanSupplier isOver) {
    Machine second =
        boot.machine(
            new NodeSpec.Start(
                secondDisk.recover().orElseThrow(), secondDisk, start.hasLostDisk()));
    return new Twin(boot.machine(start), second, secondDisk, isOfSecond, isOver);
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>();
    if (!isAlone && isOver.getAsBoolean()) {
      isAlone = true;
      peers.forEach((peer, role) -> {
        if (isOfSecond.test(peer)) {
          ofFirst(now, new Event.PeerUp(peer, role), out);
        }
      });
    }
    switch (event) {
      case Event.Started started -> {
        ofFirst(now, event, out);
        ofSecond(now, event, out);
      }
      case Event.MessageIn(NodeId peer, Opened message) -> {
        if (message.body().getRecon().hasSummary() && heardByBoth.add(peer)) {
          ofFirst(now, event, out);
          ofSecond(now, event, out);
        } else {
          ofPeer(now, peer, event, out);
        }
      }
      case Event.PeerUp up -> {
        peers.put(up.peer(), up.role());
        ofPeer(now, up.peer(), event, out);
      }
      case Event.PeerDown down -> {
        peers.remove(down.peer());
        ofPeer(now, down.peer(), event, out);
      }
      case Event.TimerFired(TimerId id) -> {
        if (id.purpose().startsWith(MARK)) {
          TimerId own = new TimerId(id.purpose().substring(MARK.length()), id.first(), id.second());
          ofSecond(now, new Event.TimerFired(own), out);
        } else {
          ofFirst(now, event, out);
        }
      }
      case Event.CommandIn command -> ofFirst(now, event, out);
    }
    return out;
  }

  private void ofPeer(BlockTime now, NodeId peer, Event event, List<Effect> out) {
    if (isOfSecond.test(peer) && !isAlone) {
      ofSecond(now, event, out);
    } else {
      ofFirst(now, event, out);
    }
  }

  private void ofFirst(BlockTime now, Event event, List<Effect> out) {
    for (Effect effect : first.on(now, event)) {
      switch (effect) {
        case Effect.Send(NodeId to, var message) when isOfSecond.test(to) && !isAlone -> {}
        case Effect.Broadcast(List<NodeId> to, var message) when !isAlone ->
            out.add(
                new Effect.Broadcast(to.stream().filter(isOfSecond.negate()).toList(), message));
        default -> out.add(effect);
      }
    }
  }

  /** Its records hold nothing up: a traitor does not wait for its disk. */
  private void ofSecond(BlockTime now, Event event, List<Effect> out) {
    if (isAlone) {
      return;
    }
    for (Effect effect : second.on(now, event)) {
      switch (effect) {
        case Effect.Send(NodeId to, var message) -> {
          if (isOfSecond.test(to)) {
            out.add(effect);
          }
        }
        case Effect.Broadcast(List<NodeId> to, var message) ->
            out.add(new Effect.Broadcast(to.stream().filter(isOfSecond).toList(), message));
        case Effect.SetTimer(TimerId id, BlockTime at) ->
            out.add(new Effect.SetTimer(marked(id), at));
        case Effect.CancelTimer(TimerId id) -> out.add(new Effect.CancelTimer(marked(id)));
        case Effect.Persist(var record) -> {
          secondDisk.append(record);
          secondDisk.beginSync();
          secondDisk.endSync();
        }
        case Effect.Deliver told -> {}
        case Effect.Disconnect closed -> out.add(closed);
      }
    }
  }

  private static TimerId marked(TimerId id) {
    return new TimerId(MARK + id.purpose(), id.first(), id.second());
  }
}
