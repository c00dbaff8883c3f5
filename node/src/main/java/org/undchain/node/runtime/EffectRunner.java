package org.undchain.node.runtime;

import java.util.List;
import java.util.function.Consumer;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.job.Shedding;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Notice;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Opening;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.node.transport.grpc.GrpcTransport;

/** Does the effects of one machine, in order, on the loop's thread. */
final class EffectRunner {
  private final ChainContext chain;
  private final SignatureCheck signatures;
  private final NodeId self;
  private final GrpcTransport transport;
  private final Loop loop;
  private final Consumer<Notice> notices;

  EffectRunner(Host.Setting setting, GrpcTransport transport, Loop loop) {
    this.chain = setting.chain().context();
    this.signatures = setting.chain().signatures();
    this.self = setting.identity().id();
    this.transport = transport;
    this.loop = loop;
    this.notices = setting.notices();
  }

  void run(Effect effect) {
    switch (effect) {
      case Effect.Send(NodeId to, Envelope message) when to.equals(self) -> toSelf(message);
      case Effect.Send(NodeId to, Envelope message) -> transport.send(to, message);
      case Effect.Broadcast(List<NodeId> to, Envelope message) -> {
        transport.send(to, message);
        if (to.contains(self)) {
          toSelf(message);
        }
      }
      case Effect.SetTimer(TimerId id, BlockTime at) -> loop.alarm().set(id, at);
      case Effect.CancelTimer(TimerId id) -> loop.alarm().cancel(id);
      case Effect.Persist durable -> {} // the loop made it durable before it came here
      case Effect.Deliver(Shedding shedding) -> loop.shed(shedding);
      case Effect.Deliver(Notice notice) -> notices.accept(notice);
      case Effect.Disconnect(NodeId peer, String why) -> transport.disconnect(peer, why);
    }
  }

  /** Own messages come back through the front door. */
  private void toSelf(Envelope message) {
    switch (Envelopes.open(chain, signatures, message)) {
      case Opening.Good<Opened>(Opened opened) -> loop.putOwn(new Event.MessageIn(self, opened));
      case Opening.Refused<Opened>(RejectCode why, String detail) ->
          throw new IllegalStateException("a message of our own is refused: " + why + detail);
    }
  }
}
