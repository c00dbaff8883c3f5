package org.undchain.core.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.agent.KnownSets;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Outcome;
import org.undchain.core.agent.SessionMemory;
import org.undchain.core.agent.SetFollower;
import org.undchain.core.agent.Submissions;
import org.undchain.core.agent.Validators;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/**
 * A client: hands entries in until their result is proven, gathers offers for its jobs, and leads
 * its seats from the contract to the completion.
 */
public final class ClientAgent implements Machine {
  private final Mail mail;
  private final Validators validators;
  private final Submissions submissions;
  private final SetFollower sets;
  private final Offers offers;
  private final LookUps lookUps;
  private final LeafReads leafReads;
  private final Seats seats;

  /**
   * @param set the validators of some period this client trusts
   * @param memory the seats of before the restart; they go on by themselves
   */
  public ClientAgent(Chain chain, Signer identity, ValidatorSet set, SessionMemory memory) {
    this.mail = new Mail(chain, identity);
    this.validators = new Validators(new KnownSets(set));
    this.submissions = new Submissions(chain, identity.id(), validators);
    this.sets = new SetFollower(chain, identity.id(), validators);
    this.offers = new Offers(mail, validators);
    this.lookUps = new LookUps(mail, validators);
    this.leafReads = new LeafReads(mail, validators);
    this.seats = new Seats(mail, memory.keys(), submissions, memory.records());
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>();
    switch (event) {
      case Event.Started() -> {
        sets.look(now, out);
        seats.onStarted(now, out);
      }
      case Event.MessageIn(NodeId peer, Opened message) -> onMessage(now, peer, message, out);
      case Event.TimerFired(TimerId id) -> onTimer(now, id, out);
      case Event.PeerUp(NodeId peer, Role role) -> onPeerUp(now, peer, role, out);
      case Event.PeerDown(NodeId peer) -> {
        validators.onPeerDown(peer);
        offers.onPeerDown(peer);
        seats.onPeerDown(peer);
      }
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
      offers.onPeerUp(now, out);
    } else {
      seats.onPeerUp(peer, out);
    }
  }

  private void onCommand(BlockTime now, ClientCommand command, List<Effect> out) {
    switch (command) {
      case ClientCommand.SubmitEntry submit -> onSubmit(now, submit, out);
      case ClientCommand.MoreOffers more -> offers.more(now, more.jobId(), out);
      case ClientCommand.StopOffers stop -> offers.stop(now, stop.jobId(), out);
      case ClientCommand.ReportUnreachable report ->
          offers.reportUnreachable(now, report.jobId(), report.partner(), out);
      case ClientCommand.OpenSeat open -> seats.onOpen(now, open, out);
      case ClientCommand.Pay pay -> seats.onPay(pay, out);
      case ClientCommand.SignOfLife sign -> seats.onSignOfLife(sign.contractId(), out);
      case ClientCommand.CloseSeat close -> seats.onClose(now, close, out);
      case ClientCommand.LeaveSeat leave -> seats.onLeave(now, leave.contractId(), out);
      case ClientCommand.LookUp lookUp -> lookUps.ask(now, lookUp.partners(), out);
      case ClientCommand.ReadLeaf read -> deliver(leafReads.ask(now, read, out), out);
    }
  }

  private void onSubmit(BlockTime now, ClientCommand.SubmitEntry submit, List<Effect> out) {
    if (submit.wantOffers()) {
      offers.want(Envelopes.idOrZero(mail.chain().context(), submit.entry()));
    }
    submissions
        .submit(now, submit.entry(), new Submissions.Manner(submit.wantOffers(), false), out)
        .ifPresent(outcome -> onOutcome(now, outcome, out));
  }

  private void onMessage(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    if (answer(now, peer, message, out) instanceof Verdict.Reject(RejectCode why, String detail)) {
      mail.reject(now, peer, message.id(), why, detail, out);
    }
  }

  private Verdict answer(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    return switch (message.body().getMessageCase()) {
      case ACK, STATUS, REJECT, GET_REPLY, OFFER, DIRECTORY_REPLY -> hear(now, peer, message, out);
      case SUBMIT -> seats.onShown(now, peer, message.body().getSubmit().getEntry(), out);
      case CONTRACT -> seats.onContract(now, peer, message, out);
      case CLOSE -> seats.onPartnersClose(now, peer, message, out);
      case WORK, // travels with the bytes it speaks of, between the edges
          TIME_REPLY,
          SUBSCRIBE_REPLY ->
          Verdict.ACCEPT;
      case HELLO,
          DIRECTORY_REQUEST,
          TIME_PROBE,
          GET,
          LANE_BATCH,
          RECON,
          PROPOSAL,
          VOTE,
          CERT,
          SUBSCRIBE,
          PARTNER_STATUS,
          JOB_NOTICE,
          BID,
          OFFER_CONTROL,
          MICRO ->
          Verdict.reject(RejectCode.REJECT_CODE_NOT_AUTHORISED, "not for a client");
      case MESSAGE_NOT_SET -> throw new IllegalStateException("opened without a body");
    };
  }

  /** Answers to what this client asked; whatever nobody it trusts or deals with says is dropped. */
  private Verdict hear(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    boolean isOwnWord = message.isWordOf(peer);
    boolean isMember = validators.sets().isMember(peer);
    if (isMember && message.body().hasGetReply()) {
      if (sets.onReply(peer, message.body().getGetReply())) {
        submissions.onNewSet().forEach(outcome -> onOutcome(now, outcome, out));
      }
      deliver(leafReads.onReply(now, peer, message.body().getGetReply(), out), out);
    } else if (isMember && isOwnWord) {
      fromValidator(now, peer, message, out);
    } else if (isOwnWord && message.body().hasReject()) {
      seats.onReject(peer, message.body().getReject(), out);
    }
    return Verdict.ACCEPT;
  }

  private void fromValidator(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    switch (message.body().getMessageCase()) {
      case OFFER -> deliver(offers.onOffer(now, message.body().getOffer()), out);
      case DIRECTORY_REPLY ->
          deliver(lookUps.onReply(peer, message.body().getDirectoryReply(), out), out);
      default -> {
        submissions
            .onMessage(now, peer, message, out)
            .forEach(outcome -> onOutcome(now, outcome, out));
        if (message.body().hasAck()) {
          offers.onAck(now, message.body().getAck(), out);
        } else if (message.body().hasReject()) {
          deliver(offers.onReject(peer, message.body().getReject()), out);
        }
      }
    }
  }

  private void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    if (Submissions.isTimer(id)) {
      submissions.onTimer(now, id, out).ifPresent(outcome -> onOutcome(now, outcome, out));
    } else if (SetFollower.isTimer(id)) {
      sets.look(now, out);
    } else if (Seats.isTimer(id)) {
      seats.onTimer(now, id, out);
    } else if (LeafReads.isTimer(id)) {
      deliver(leafReads.onTimer(now, out), out);
    } else if (LookUps.isTimer(id)) {
      deliver(lookUps.onTimer(now, id, out), out);
    } else {
      throw new IllegalArgumentException("no timer of a client: " + id);
    }
  }

  private static void deliver(Optional<ClientNotice> notice, List<Effect> out) {
    notice.ifPresent(what -> out.add(new Effect.Deliver(what)));
  }

  private void onOutcome(BlockTime now, Outcome outcome, List<Effect> out) {
    if (!seats.onOutcome(now, outcome, out)) {
      out.add(new Effect.Deliver(notice(outcome)));
    }
  }

  private static ClientNotice notice(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Promised o ->
          new ClientNotice.Promised(o.entryId(), o.slot(), o.height(), o.stampers());
      case Outcome.Committed o ->
          new ClientNotice.Committed(o.entryId(), o.height(), o.slot(), o.result(), o.stampers());
      case Outcome.Refused o -> new ClientNotice.Refused(o.entryId(), o.code(), o.detail());
      case Outcome.Expired o -> new ClientNotice.Expired(o.entryId());
    };
  }
}
