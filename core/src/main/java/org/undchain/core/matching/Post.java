package org.undchain.core.matching;

import com.google.protobuf.Message;
import java.util.List;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Seals what matching sends: answers signed, messages that prove themselves plain. */
record Post(Chain chain, Signer identity, View view) {
  void signed(NodeId to, Message message, List<Effect> out) {
    Envelope sealed = Envelopes.sealMessage(chain.context(), identity, view.period(), message);
    out.add(new Effect.Send(to, sealed));
  }

  void plain(List<NodeId> to, Message message, List<Effect> out) {
    int type = Envelopes.messageType(message);
    Envelope envelope =
        Envelopes.unsigned(chain.context(), identity.id(), type, view.period(), message);
    out.add(new Effect.Broadcast(to, envelope));
  }

  void reject(NodeId to, Hash ref, RejectCode code, String detail, List<Effect> out) {
    Reject reject =
        Reject.newBuilder().setRef(ref.toByteString()).setCode(code).setDetail(detail).build();
    signed(to, reject, out);
  }
}
