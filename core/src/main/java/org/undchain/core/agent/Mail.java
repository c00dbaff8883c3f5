package org.undchain.core.agent;

import com.google.protobuf.Message;
import java.util.List;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Submit;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Seals what an agent says: signed where it must be believed, plain where it proves itself. */
public record Mail(Chain chain, Signer identity) {
  private static final int DETAIL_MAX = 200;

  public NodeId self() {
    return identity.id();
  }

  /** Slot of a moment; 0 before the chain starts. */
  public long slotAt(BlockTime now) {
    return Math.max(0, chain.calendar().slotAt(now));
  }

  public Envelope sealed(BlockTime now, Message message) {
    return Envelopes.sealMessage(chain.context(), identity, periodAt(now), message);
  }

  public Envelope plain(BlockTime now, Message message) {
    int type = Envelopes.messageType(message);
    return Envelopes.unsigned(chain.context(), identity.id(), type, periodAt(now), message);
  }

  public Envelope sealedEntry(BlockTime now, Message entry) {
    return Envelopes.sealEntry(chain.context(), identity, periodAt(now), entry);
  }

  /** Shows the other side of a session the entry that is on its way into a block. */
  public void show(BlockTime now, NodeId to, Envelope entry, List<Effect> out) {
    out.add(new Effect.Send(to, plain(now, Submit.newBuilder().setEntry(entry).build())));
  }

  public void reject(
      BlockTime now, NodeId to, Hash ref, RejectCode code, String detail, List<Effect> out) {
    Reject reject =
        Reject.newBuilder()
            .setRef(ref.toByteString())
            .setCode(code)
            .setDetail(detail.substring(0, Math.min(DETAIL_MAX, detail.length())))
            .build();
    out.add(new Effect.Send(to, sealed(now, reject)));
  }

  long periodAt(BlockTime now) {
    return chain.calendar().periodOf(slotAt(now));
  }
}
