package org.undchain.core.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Ack;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Opening;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Status;
import org.undchain.core.message.Submit;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * An agent's entries on their way into a block (section 4.2): each goes to as many validators as
 * stamps make a promise, is sent to others every two seconds, and is done when f + 1 of them sign
 * one result.
 */
public final class Submissions {
  /** Entries on their way at once. */
  public static final int OPEN_MAX = 4096;

  private static final String TIMER = "submit";
  private static final long RESEND_MILLIS = 2000;

  private final Chain chain;
  private final NodeId self;
  private final Validators validators;
  private final Map<Hash, Submission> open = new TreeMap<>();
  private final Map<Long, Submission> byNumber = new TreeMap<>();
  private long submitted;

  public Submissions(Chain chain, NodeId self, Validators validators) {
    this.chain = chain;
    this.self = self;
    this.validators = validators;
  }

  /** How an entry is handed in. */
  public record Manner(boolean wantOffers, boolean isToAll) {
    public static final Manner NORMAL = new Manner(false, false);
  }

  public static boolean isTimer(TimerId id) {
    return id.purpose().equals(TIMER);
  }

  public boolean isOpen(Hash entryId) {
    return open.containsKey(entryId);
  }

  /** Takes an entry on; a refusal comes at once if it has no form or too many are open. */
  public Optional<Outcome> submit(
      BlockTime now, Envelope envelope, Manner manner, List<Effect> out) {
    switch (Envelopes.openEntry(chain.context(), chain.signatures(), envelope)) {
      case Opening.Refused<OpenedEntry>(RejectCode code, String detail) -> {
        Hash id = Envelopes.idOrZero(chain.context(), envelope);
        return Optional.of(new Outcome.Refused(id, code, detail));
      }
      case Opening.Good<OpenedEntry>(OpenedEntry entry) -> {
        if (open.containsKey(entry.id())) {
          return Optional.empty();
        }
        if (open.size() >= OPEN_MAX) {
          return Optional.of(
              new Outcome.Refused(
                  entry.id(),
                  RejectCode.REJECT_CODE_TOO_MANY_PENDING,
                  OPEN_MAX + " entries are on their way"));
        }
        Submission submission =
            new Submission(submitted++, entry, manner.wantOffers(), manner.isToAll(), now);
        open.put(entry.id(), submission);
        byNumber.put(submission.number, submission);
        send(now, submission, out);
        return Optional.empty();
      }
    }
  }

  /** Stops caring about an entry. */
  public void drop(Hash entryId, List<Effect> out) {
    Submission dropped = open.remove(entryId);
    if (dropped != null) {
      byNumber.remove(dropped.number);
      out.add(new Effect.CancelTimer(timer(dropped)));
    }
  }

  public List<Outcome> onPeerUp(BlockTime now, List<Effect> out) {
    for (Submission submission : List.copyOf(open.values())) {
      if (submission.isWaitingForPeers(validators)) {
        send(now, submission, out);
      }
    }
    return List.of();
  }

  public Optional<Outcome> onTimer(BlockTime now, TimerId id, List<Effect> out) {
    Submission submission = byNumber.get(id.first());
    if (submission == null) {
      return Optional.empty();
    }
    if (submission.isExpired(chain, validators, now)) {
      return Optional.of(done(new Outcome.Expired(submission.id()), out));
    }
    send(now, submission, out);
    return Optional.empty();
  }

  /**
   * Ack, Status and Reject of validators. Only what a member says itself counts; anything else is
   * dropped.
   */
  public List<Outcome> onMessage(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    boolean isOfMember = message.isWordOf(peer) && validators.sets().isMember(peer);
    if (!isOfMember) {
      return List.of();
    }
    return switch (message.body().getMessageCase()) {
      case ACK -> onAck(now, peer, message.body().getAck(), out);
      case STATUS -> onStatus(peer, message.body().getStatus(), out);
      case REJECT -> onReject(now, peer, message.body().getReject(), out);
      default -> List.of();
    };
  }

  private List<Outcome> onAck(BlockTime now, NodeId peer, Ack ack, List<Effect> out) {
    List<Outcome> outcomes = new ArrayList<>();
    if (ack.hasPeriodValidators() && validators.sets().vouch(peer, ack.getPeriodValidators())) {
      outcomes.addAll(onNewSet());
    }
    Optional<Submission> submission =
        find(ack.getEntryId().size() == Hash.SIZE ? Hash.of(ack.getEntryId()) : Hash.ZERO);
    submission.flatMap(one -> one.onAck(chain, validators, peer, ack)).ifPresent(outcomes::add);
    submission
        .filter(one -> !one.entry.signer().equals(self))
        .ifPresent(one -> askWhenDecided(now, one, ack.getSlot(), out));
    return outcomes;
  }

  /**
   * Nobody sends the result of somebody else's entry unasked (R6.3), so it is asked for when its
   * block should be there, not up to a whole pause later.
   */
  private void askWhenDecided(BlockTime now, Submission submission, long slot, List<Effect> out) {
    if (slot < 0 || slot > chain.calendar().slotAt(now) + 2) {
      return;
    }
    long stages = (validators.sets().newest().faulty() + 1) * chain.rules().stageMillis();
    BlockTime decided =
        chain.calendar().cutoffOf(slot).plusMillis(stages + chain.rules().voteBaseMillis());
    if (now.isBefore(decided) && decided.minus(now) < RESEND_MILLIS) {
      out.add(new Effect.SetTimer(timer(submission), decided));
    }
  }

  /** A new set is trusted: stamps that waited for it are counted. */
  public List<Outcome> onNewSet() {
    List<Outcome> outcomes = new ArrayList<>();
    for (Submission submission : open.values()) {
      submission.onNewSet(chain, validators).ifPresent(outcomes::add);
    }
    return outcomes;
  }

  private List<Outcome> onStatus(NodeId peer, Status status, List<Effect> out) {
    return find(status.getEntryId().size() == Hash.SIZE ? Hash.of(status.getEntryId()) : Hash.ZERO)
        .flatMap(submission -> submission.onStatus(validators, peer, status))
        .map(outcome -> List.of(done(outcome, out)))
        .orElse(List.of());
  }

  private List<Outcome> onReject(BlockTime now, NodeId peer, Reject reject, List<Effect> out) {
    return find(reject.getRef().size() == Hash.SIZE ? Hash.of(reject.getRef()) : Hash.ZERO)
        .flatMap(submission -> submission.onReject(now, validators, peer, reject))
        .map(outcome -> List.of(done(outcome, out)))
        .orElse(List.of());
  }

  private Optional<Submission> find(Hash entryId) {
    return Optional.ofNullable(open.get(entryId));
  }

  private Outcome done(Outcome outcome, List<Effect> out) {
    drop(outcome.entryId(), out);
    return outcome;
  }

  private void send(BlockTime now, Submission submission, List<Effect> out) {
    List<NodeId> to = submission.next(validators);
    if (!to.isEmpty()) {
      Submit submit =
          Submit.newBuilder()
              .setEntry(submission.entry.envelope())
              .setWantOffers(submission.wantOffers)
              .build();
      out.add(
          new Effect.Broadcast(
              to,
              Envelopes.unsigned(
                  chain.context(),
                  self,
                  Envelopes.messageType(submit),
                  chain.calendar().periodOf(Math.max(0, chain.calendar().slotAt(now))),
                  submit)));
    }
    out.add(new Effect.SetTimer(timer(submission), now.plusMillis(RESEND_MILLIS)));
  }

  private static TimerId timer(Submission submission) {
    return TimerId.of(TIMER, submission.number);
  }
}
