package org.undchain.sim;

import java.util.ArrayList;
import java.util.List;
import org.undchain.core.machine.Command;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Submit;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/**
 * A client without a mind of its own: sends exactly what the scenario says to exactly whom, and
 * notes what comes back. For stories about one message; real clients are client machines.
 */
public final class Caller implements Machine {

  /** Hand this entry to these validators. */
  public record Call(List<NodeId> to, Envelope entry) implements Command {
    public Call {
      to = List.copyOf(to);
    }
  }

  /** Send this envelope, whatever it is. */
  public record Tell(NodeId to, Envelope message) implements Command {}

  /** An answer that came. */
  public record Answer(NodeId from, Envelope envelope, WireMessage body) implements Notice {}

  private final ChainContext context;
  private final NodeId self;

  public Caller(ChainContext context, NodeId self) {
    this.context = context;
    this.self = self;
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    return switch (event) {
      case Event.CommandIn(Call(List<NodeId> to, Envelope entry)) -> submit(to, entry);
      case Event.CommandIn(Tell(NodeId to, Envelope message)) ->
          List.of(new Effect.Send(to, message));
      case Event.CommandIn(Command other) ->
          throw new IllegalArgumentException("a caller does not " + other);
      case Event.MessageIn(NodeId peer, Opened message) ->
          List.of(new Effect.Deliver(new Answer(peer, message.envelope(), message.body())));
      case Event.Started started -> List.of();
      case Event.TimerFired fired -> List.of();
      case Event.PeerUp up -> List.of();
      case Event.PeerDown down -> List.of();
    };
  }

  private List<Effect> submit(List<NodeId> to, Envelope entry) {
    Submit body = Submit.newBuilder().setEntry(entry).build();
    Envelope message =
        Envelopes.unsigned(context, self, Envelopes.messageType(body), entry.getPayPeriod(), body);
    List<Effect> out = new ArrayList<>();
    to.forEach(validator -> out.add(new Effect.Send(validator, message)));
    return out;
  }
}
