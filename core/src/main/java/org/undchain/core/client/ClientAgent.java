package org.undchain.core.client;

import java.util.ArrayList;
import java.util.List;
import org.undchain.core.agent.KnownSets;
import org.undchain.core.agent.Outcome;
import org.undchain.core.agent.SetFollower;
import org.undchain.core.agent.Submissions;
import org.undchain.core.agent.Validators;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.TimerId;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Role;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** A client: hands entries in until their result is proven. */
public final class ClientAgent implements Machine {
  private final Validators validators;
  private final Submissions submissions;
  private final SetFollower sets;

  /**
   * @param set the validators of some period this client trusts
   */
  public ClientAgent(Chain chain, Signer identity, ValidatorSet set) {
    this.validators = new Validators(new KnownSets(set));
    this.submissions = new Submissions(chain, identity.id(), validators);
    this.sets = new SetFollower(chain, identity.id(), validators);
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>();
    switch (event) {
      case Event.Started() -> sets.look(now, out);
      case Event.MessageIn(NodeId peer, Opened message) -> onMessage(now, peer, message, out);
      case Event.TimerFired(TimerId id) -> onTimer(now, id, out);
      case Event.PeerUp(NodeId peer, Role role) -> onPeerUp(now, peer, role, out);
      case Event.PeerDown(NodeId peer) -> validators.onPeerDown(peer);
      case Event.CommandIn(ClientCommand command) -> onCommand(now, command, out);
      case Event.CommandIn command ->
          throw new IllegalArgumentException("not a client's command: " + command);
    }
    return out;
  }

  private void onPeerUp(BlockTime now, NodeId peer, Role role, List<Effect> out) {
    validators.onPeerUp(peer, role);
    if (role == Role.ROLE_VALIDATOR) {
      sets.look(now, out);
      submissions.onPeerUp(now, out);
    }
  }

  private void onCommand(BlockTime now, ClientCommand command, List<Effect> out) {
    switch (command) {
      case ClientCommand.SubmitEntry submit ->
          submissions
              .submit(now, submit.entry(), new Submissions.Manner(submit.wantOffers(), false), out)
              .ifPresent(outcome -> onOutcome(outcome, out));
      default -> throw new IllegalArgumentException("not a client's command: " + command);
    }
  }

  private void onMessage(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    switch (message.body().getMessageCase()) {
      case ACK, STATUS, REJECT ->
          submissions
              .onMessage(now, peer, message, out)
              .forEach(outcome -> onOutcome(outcome, out));
      case GET_REPLY -> {
        if (sets.onReply(peer, message.body().getGetReply())) {
          submissions.onNewSet().forEach(outcome -> onOutcome(outcome, out));
        }
      }
      default -> {}
    }
  }

  private void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    if (Submissions.isTimer(id)) {
      submissions.onTimer(now, id, out).ifPresent(outcome -> onOutcome(outcome, out));
    } else if (SetFollower.isTimer(id)) {
      sets.look(now, out);
    }
  }

  private void onOutcome(Outcome outcome, List<Effect> out) {
    out.add(new Effect.Deliver(notice(outcome)));
  }

  private static ClientNotice notice(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Promised o ->
          new ClientNotice.Promised(o.entryId(), o.slot(), o.height(), o.stampers());
      case Outcome.Committed o ->
          new ClientNotice.Committed(o.entryId(), o.height(), o.slot(), o.result());
      case Outcome.Refused o -> new ClientNotice.Refused(o.entryId(), o.code(), o.detail());
      case Outcome.Expired o -> new ClientNotice.Expired(o.entryId());
    };
  }
}
