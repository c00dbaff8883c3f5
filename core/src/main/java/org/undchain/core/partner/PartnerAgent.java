package org.undchain.core.partner;

import java.util.ArrayList;
import java.util.List;
import org.undchain.core.agent.KnownSets;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Outcome;
import org.undchain.core.agent.SetFollower;
import org.undchain.core.agent.Submissions;
import org.undchain.core.agent.Validators;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Opened;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/**
 * A partner: subscribes at the validators, bids on jobs, and serves the seats it gets, from the
 * contract to the completion. The utility work itself is done at the edge, which learns from {@link
 * PartnerNotice.Credit} how far it may go.
 */
public final class PartnerAgent implements Machine {
  private final Validators validators;
  private final Submissions submissions;
  private final SetFollower sets;
  private final Mail mail;
  private final Presence presence;
  private final Bids bids;
  private final Sessions sessions;
  private long capacity;

  /**
   * @param set the validators of some period this partner trusts
   * @param capacity units free at the start; the edge corrects it by {@link
   *     PartnerCommand.SetCapacity}
   */
  public record Setup(PartnerKeys keys, PartnerProfile profile, ValidatorSet set, long capacity) {}

  /**
   * @param recovered the newest record of each seat, see {@link
   *     org.undchain.core.agent.SessionMemory#of}
   */
  public PartnerAgent(Chain chain, Setup setup, List<SessionRecord> recovered) {
    this.mail = new Mail(chain, setup.keys().identity());
    this.validators = new Validators(new KnownSets(setup.set()));
    this.submissions = new Submissions(chain, mail.self(), validators);
    this.sets = new SetFollower(chain, mail.self(), validators);
    this.presence = new Presence(setup.profile(), mail, validators);
    this.bids = new Bids(setup.profile(), setup.keys(), mail);
    this.sessions = new Sessions(setup, mail, submissions, bids, recovered);
    this.capacity = setup.capacity();
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>();
    switch (event) {
      case Event.Started() -> onStarted(now, out);
      case Event.MessageIn(NodeId peer, Opened message) -> onMessage(now, peer, message, out);
      case Event.TimerFired(TimerId id) -> onTimer(now, id, out);
      case Event.PeerUp(NodeId peer, Role role) -> onPeerUp(now, peer, role, out);
      case Event.PeerDown(NodeId peer) -> {
        validators.onPeerDown(peer);
        presence.onPeerDown(peer);
      }
      case Event.CommandIn(PartnerCommand command) -> onCommand(now, command, out);
      case Event.CommandIn command ->
          throw new IllegalArgumentException("not a partner's command: " + command);
    }
    presence.onCapacity(now, freeUnits() == 0, out);
    return out;
  }

  /** Units that nobody has been promised. */
  private long freeUnits() {
    return Math.max(0, capacity - sessions.reservedUnits());
  }

  private void onStarted(BlockTime now, List<Effect> out) {
    sets.look(now, out);
    presence.onStarted(now, out);
    sessions.onStarted(now, out);
  }

  private void onPeerUp(BlockTime now, NodeId peer, Role role, List<Effect> out) {
    validators.onPeerUp(peer, role);
    if (role == Role.ROLE_VALIDATOR) {
      sets.look(now, out);
      presence.refresh(now, freeUnits(), out);
      submissions.onPeerUp(now, out);
    } else {
      sessions.onPeerUp(now, peer);
    }
  }

  private void onCommand(BlockTime now, PartnerCommand command, List<Effect> out) {
    switch (command) {
      case PartnerCommand.Delivered(var contractId, long cumUnits) ->
          sessions.onDelivered(now, contractId, cumUnits);
      case PartnerCommand.SetCapacity(long freeUnits) -> capacity = Math.max(0, freeUnits);
      case PartnerCommand.EndSeat(var contractId, RejectCode code, String detail) ->
          sessions.onEnd(now, contractId, code, detail, out);
      case PartnerCommand.SignOff() -> presence.signOff(now, out);
    }
  }

  private void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    switch (id.purpose()) {
      case Presence.TIMER_HEARTBEAT -> presence.onHeartbeat(now, freeUnits(), out);
      case Presence.TIMER_SUBSCRIBE -> presence.refresh(now, freeUnits(), out);
      case Presence.TIMER_CAPACITY -> {} // every event ends with a look at the capacity
      case Sessions.TIMER_SILENCE -> sessions.onTimer(now, id, out);
      default -> onTimerOfAgent(now, id, out);
    }
  }

  private void onTimerOfAgent(BlockTime now, TimerId id, List<Effect> out) {
    if (Submissions.isTimer(id)) {
      submissions.onTimer(now, id, out).ifPresent(outcome -> onOutcome(now, outcome, out));
    } else if (SetFollower.isTimer(id)) {
      sets.look(now, out);
    } else {
      throw new IllegalArgumentException("no timer of a partner: " + id);
    }
  }

  private void onOutcome(BlockTime now, Outcome outcome, List<Effect> out) {
    sessions.onOutcome(now, outcome, out);
  }

  private void onMessage(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    if (answer(now, peer, message, out) instanceof Verdict.Reject(RejectCode why, String detail)) {
      mail.reject(now, peer, message.id(), why, detail, out);
    }
  }

  private Verdict answer(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    return switch (message.body().getMessageCase()) {
      case ACK, STATUS, REJECT, GET_REPLY, SUBSCRIBE_REPLY, JOB_NOTICE ->
          fromValidator(now, peer, message, out);
      case CONTRACT -> sessions.onContract(now, peer, message, freeUnits(), out);
      case MICRO -> sessions.onMicro(now, peer, message, out);
      case CLOSE -> sessions.onClose(now, peer, message, out);
      case WORK, // travels with the bytes it speaks of, between the edges
          TIME_REPLY,
          DIRECTORY_REPLY ->
          Verdict.ACCEPT;
      case HELLO,
          DIRECTORY_REQUEST,
          TIME_PROBE,
          SUBMIT,
          GET,
          LANE_BATCH,
          RECON,
          PROPOSAL,
          VOTE,
          CERT,
          SUBSCRIBE,
          PARTNER_STATUS,
          BID,
          OFFER,
          OFFER_CONTROL ->
          Verdict.reject(RejectCode.REJECT_CODE_NOT_AUTHORISED, "not for a partner");
      case MESSAGE_NOT_SET -> throw new IllegalStateException("opened without a body");
    };
  }

  /** Answers and notices; those of nobody this partner trusts are not heard. */
  private Verdict fromValidator(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    if (!validators.sets().isMember(peer)) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_AUTHORISED);
    }
    boolean isOwnWord = message.isWordOf(peer);
    switch (message.body().getMessageCase()) {
      case GET_REPLY -> onSets(now, peer, message, out);
      case JOB_NOTICE -> onNotice(now, peer, message, out);
      case SUBSCRIBE_REPLY -> {
        if (isOwnWord) {
          presence
              .onReply(peer, message.body().getSubscribeReply())
              .ifPresent(notice -> out.add(new Effect.Deliver(notice)));
        }
      }
      default -> {
        if (isOwnWord && message.body().hasReject()) {
          presence.onReject(now, peer, message.body().getReject(), out);
        }
        submissions
            .onMessage(now, peer, message, out)
            .forEach(outcome -> onOutcome(now, outcome, out));
      }
    }
    return Verdict.ACCEPT;
  }

  private void onSets(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    if (sets.onReply(peer, message.body().getGetReply())) {
      submissions.onNewSet().forEach(outcome -> onOutcome(now, outcome, out));
      presence.refresh(now, freeUnits(), out);
    }
  }

  private void onNotice(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    if (!presence.isSignedOff()) {
      bids.onNotice(now, peer, message.body().getJobNotice(), freeUnits(), out)
          .ifPresent(notice -> out.add(new Effect.Deliver(notice)));
    }
  }
}
