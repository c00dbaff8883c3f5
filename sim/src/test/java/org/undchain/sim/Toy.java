package org.undchain.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.undchain.core.machine.Command;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.Notice;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.ClosedRecord;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Role;
import org.undchain.core.message.TimeProbe;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** The smallest machine with a memory: persists a number, tells it to all peers, notes theirs. */
final class Toy implements Machine {
  record Say(long number) implements Command {}

  record WakeAt(BlockTime at) implements Command {}

  record Drop(NodeId peer) implements Command {}

  record Heard(NodeId from, long number) implements Notice {}

  record Woke(BlockTime at) implements Notice {}

  record Peer(NodeId peer, boolean isUp) implements Notice {}

  record Remembers(List<Long> numbers, boolean hasLostDisk) implements Notice {}

  private final Setting setting;
  private final NodeId self;
  private final NodeSpec.Start start;
  private final TreeSet<NodeId> peers = new TreeSet<>();

  Toy(Setting setting, NodeId self, NodeSpec.Start start) {
    this.setting = setting;
    this.self = self;
    this.start = start;
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>();
    switch (event) {
      case Event.Started() ->
          out.add(
              new Effect.Deliver(
                  new Remembers(
                      start.recovered().stream().map(r -> r.getClosed().getNextSlot()).toList(),
                      start.hasLostDisk())));
      case Event.MessageIn(NodeId peer, Opened message) -> heard(peer, message, out);
      case Event.TimerFired(TimerId id) -> out.add(new Effect.Deliver(new Woke(now)));
      case Event.PeerUp(NodeId peer, Role role) -> {
        peers.add(peer);
        out.add(new Effect.Deliver(new Peer(peer, true)));
      }
      case Event.PeerDown(NodeId peer) -> {
        peers.remove(peer);
        out.add(new Effect.Deliver(new Peer(peer, false)));
      }
      case Event.CommandIn(Command what) -> order(what, out);
    }
    return out;
  }

  private void heard(NodeId peer, Opened message, List<Effect> out) {
    if (message.body().hasTimeProbe()) {
      out.add(new Effect.Deliver(new Heard(peer, message.body().getTimeProbe().getSeq())));
    }
  }

  private void order(Command what, List<Effect> out) {
    if (what instanceof Say(long number)) {
      out.add(
          new Effect.Persist(
              LogRecord.newBuilder()
                  .setClosed(ClosedRecord.newBuilder().setNextSlot(number))
                  .build()));
      out.add(new Effect.Broadcast(List.copyOf(peers), probe(number)));
    } else if (what instanceof WakeAt(BlockTime at)) {
      out.add(new Effect.SetTimer(TimerId.of("wake"), at));
    } else if (what instanceof Drop(NodeId peer)) {
      out.add(new Effect.Disconnect(peer, "told to"));
    }
  }

  Envelope probe(long number) {
    TimeProbe body = TimeProbe.newBuilder().setSeq(number).build();
    return Envelopes.unsigned(setting.context(), self, Envelopes.messageType(body), 0, body);
  }
}
