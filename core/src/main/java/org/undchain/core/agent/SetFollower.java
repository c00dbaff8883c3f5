package org.undchain.core.agent;

import java.util.List;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Get;
import org.undchain.core.message.GetReply;
import org.undchain.core.message.GetWhat;
import org.undchain.core.message.SetCert;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** Learns the validator set of each new period by asking the members of the one before. */
public final class SetFollower {
  private static final String TIMER = "sets";
  private static final long ASK_MILLIS = 1000;

  private final Chain chain;
  private final NodeId self;
  private final Validators validators;

  public SetFollower(Chain chain, NodeId self, Validators validators) {
    this.chain = chain;
    this.self = self;
    this.validators = validators;
  }

  public static boolean isTimer(TimerId id) {
    return id.purpose().equals(TIMER);
  }

  /** Asks if a period has begun whose set is unknown, and comes again when the next one begins. */
  public void look(BlockTime now, List<Effect> out) {
    long next = validators.sets().newest().cert().getPeriod() + 1;
    BlockTime begin = chain.calendar().startOf(chain.calendar().firstSlotOf(next));
    boolean isDue = !now.isBefore(begin);
    List<NodeId> active = validators.active();
    if (isDue && !active.isEmpty()) {
      Get get = Get.newBuilder().setWhat(GetWhat.GET_WHAT_SETCERT).setFrom(next).build();
      out.add(
          new Effect.Broadcast(
              active,
              Envelopes.unsigned(chain.context(), self, Envelopes.messageType(get), next, get)));
    }
    out.add(new Effect.SetTimer(TimerId.of(TIMER), isDue ? now.plusMillis(ASK_MILLIS) : begin));
  }

  /** Whether an answer made a newer set known. */
  public boolean onReply(NodeId peer, GetReply reply) {
    if (reply.getWhat() != GetWhat.GET_WHAT_SETCERT) {
      return false;
    }
    boolean isNew = false;
    int certs = Math.min(reply.getSetCertsCount(), 64);
    for (SetCert cert : reply.getSetCertsList().subList(0, certs)) {
      isNew |= validators.sets().vouch(peer, cert);
    }
    return isNew;
  }
}
