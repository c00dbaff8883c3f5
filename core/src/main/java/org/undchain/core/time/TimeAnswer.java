package org.undchain.core.time;

import java.util.List;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.TimeProbe;
import org.undchain.core.message.TimeReply;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** The answer to a probe: what this node's clock shows, signed (section 3). */
public final class TimeAnswer {
  private TimeAnswer() {}

  public static void add(
      Chain chain, Signer identity, BlockTime now, NodeId peer, TimeProbe probe, List<Effect> out) {
    long micros = Math.multiplyExact(now.millis(), 1000);
    TimeReply reply =
        TimeReply.newBuilder()
            .setSeq(probe.getSeq())
            .setT1Micros(probe.getT1Micros())
            .setT2Micros(micros)
            .setT3Micros(micros)
            .build();
    out.add(
        new Effect.Send(
            peer, Envelopes.sealMessage(chain.context(), identity, period(chain, now), reply)));
  }

  /** Pay period by the clock alone, as a node says it that knows no block yet. */
  static long period(Chain chain, BlockTime now) {
    return chain.calendar().periodOf(Math.max(0, chain.calendar().slotAt(now)));
  }
}
