package org.undchain.core.validator;

import com.google.protobuf.Message;
import java.util.List;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.message.Status;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** What a validator sends in its own name, for the period its chain is in. */
final class Mail {
  private final Chain chain;
  private final Signer identity;
  private final ChainHead head;

  Mail(Chain chain, Signer identity, ChainHead head) {
    this.chain = chain;
    this.identity = identity;
    this.head = head;
  }

  void sendStatus(NodeId to, Hash entryId, SeenLeaf seen, List<Effect> out) {
    Status status =
        Status.newBuilder()
            .setEntryId(entryId.toByteString())
            .setHeight(seen.getHeight())
            .setSlot(seen.getSlot())
            .setResult(seen.getResult())
            .build();
    out.add(new Effect.Send(to, signed(status)));
  }

  void reject(NodeId peer, Hash ref, RejectCode code, String detail, List<Effect> out) {
    rejectForNow(peer, ref, code, detail, 0, out);
  }

  /** A refusal that may be another answer so many milliseconds later; 0 for one that will not. */
  void rejectForNow(
      NodeId peer, Hash ref, RejectCode code, String detail, long againMillis, List<Effect> out) {
    Reject reject =
        Reject.newBuilder()
            .setRef(ref.toByteString())
            .setCode(code)
            .setDetail(detail)
            .setRetryAfterMillis(againMillis)
            .build();
    out.add(new Effect.Send(peer, plain(reject)));
  }

  Envelope signed(Message message) {
    return Envelopes.sealMessage(chain.context(), identity, head.period(), message);
  }

  Envelope plain(Message message) {
    return Envelopes.unsigned(
        chain.context(), identity.id(), Envelopes.messageType(message), head.period(), message);
  }
}
