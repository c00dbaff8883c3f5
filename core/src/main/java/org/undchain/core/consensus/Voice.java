package org.undchain.core.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.Agreement.Terms;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.Recon;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteRecord;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * All that a validator signs and says about one height: signed under the {@link SigningRule},
 * written down before it leaves (R4.40), kept to be said again (R4.28).
 */
final class Voice {
  /** R4.28: votes of the last two rounds are said again; older ones only if they were the last. */
  private static final int SAID_MAX = 4;

  private final Terms terms;
  private final List<NodeId> others;
  private final SigningRule rule;
  private final List<Ballot> said = new ArrayList<>();
  private boolean isMute;
  private int recordedPolRound = Ballot.NO_ROUND;

  Voice(Terms terms, LastSigned last) {
    this.terms = terms;
    this.others = terms.set().others(terms.self());
    this.rule = new SigningRule(last);
    this.isMute = terms.mute() || !terms.set().contains(terms.self());
  }

  boolean isMute() {
    return isMute;
  }

  void silence() {
    isMute = true;
  }

  LastSigned last() {
    return rule.last();
  }

  /** Whether this place in the height was not signed or passed yet. */
  boolean isOpen(int round, Step step) {
    return rule.isAllowed(place(round, step));
  }

  /**
   * Signs a vote, writes it down with the lock it is made under, and sends it, after the POL it
   * names (R4.24a).
   *
   * @param pols the POL of the lock's valid value, to be written down the first time, and the one
   *     the vote names
   */
  Ballot vote(Ballot intent, Lock lock, Proofs proofs, List<Effect> out) {
    Vote vote =
        Vote.newBuilder()
            .setEpoch(terms.epoch())
            .setHeight(terms.height())
            .setSlot(terms.slot())
            .setRound(intent.round())
            .setType(intent.type())
            .setPolRoundPlusOne(intent.polRound() + 1)
            .setValue(Ballot.field(intent.value()))
            .build();
    rule.sign(place(intent.round(), intent.step()));
    Envelope envelope =
        Envelopes.seal(
            terms.chain(),
            terms.consensusKey(),
            EnvelopeKind.ENVELOPE_KIND_VOTE,
            WireMessage.VOTE_FIELD_NUMBER,
            terms.period(),
            vote);
    requireGood(envelope, Canonical.encode(vote));
    out.add(new Effect.Persist(record(envelope, lock, proofs)));
    proofs.named().ifPresent(pol -> broadcast(pol, out));
    say(envelope, out);
    Ballot ballot =
        new Ballot(
            intent.member(),
            intent.round(),
            intent.type(),
            intent.value(),
            intent.polRound(),
            Envelopes.id(terms.chain(), envelope),
            envelope);
    remember(ballot);
    return ballot;
  }

  /**
   * What goes with a vote.
   *
   * @param newest POL of the valid value
   * @param content of the valid value
   * @param named POL the vote names
   */
  record Proofs(Optional<Cert> newest, Optional<Candidate> content, Optional<Cert> named) {}

  Offer propose(Proposal proposal, List<Effect> out) {
    rule.sign(place(proposal.getRound(), Step.PROPOSE));
    Envelope envelope =
        Envelopes.sealMessage(terms.chain(), terms.consensusKey(), terms.period(), proposal);
    requireGood(envelope, Canonical.encode(proposal));
    out.add(new Effect.Persist(LogRecord.newBuilder().setProposal(envelope).build()));
    say(envelope, out);
    return Offer.of(proposal, Envelopes.id(terms.chain(), envelope), envelope).orElseThrow();
  }

  /**
   * Takes the votes that were signed before a restart.
   *
   * @param polRound newest POL the log holds: it need not be written again
   */
  void restore(List<Ballot> ballots, int polRound) {
    ballots.forEach(this::remember);
    recordedPolRound = polRound;
  }

  private void remember(Ballot ballot) {
    said.add(ballot);
    if (said.size() > SAID_MAX) {
      said.removeFirst();
    }
  }

  void repeatVotes(int round, List<Effect> out) {
    for (Ballot ballot : said) {
      if (ballot.round() >= round - 1 || ballot == said.getLast()) {
        requireGood(ballot.envelope(), Bytes.of(ballot.envelope().getBody()));
        say(ballot.envelope(), out);
      }
    }
  }

  void say(Envelope envelope, List<Effect> out) {
    if (!others.isEmpty()) {
      out.add(new Effect.Broadcast(others, envelope));
    }
  }

  void broadcast(Cert cert, List<Effect> out) {
    say(
        Envelopes.unsigned(
            terms.chain(), terms.self(), WireMessage.CERT_FIELD_NUMBER, terms.period(), cert),
        out);
  }

  /**
   * What was signed is checked before it is written down or leaves, and again before it is
   * repeated: a flipped bit of memory must neither become a vote nor, in a signature over other
   * bytes, betray the key. The node stops then, for its state cannot be trusted either.
   */
  private void requireGood(Envelope envelope, Bytes meant) {
    boolean isGood =
        Bytes.of(envelope.getBody()).equals(meant)
            && Envelopes.isSignedBy(
                terms.chain(),
                terms.signatures(),
                envelope,
                NodeId.of(envelope.getSigner()),
                Bytes.of(envelope.getSig()));
    if (!isGood) {
      throw new IllegalStateException(
          "the own signature at height "
              + terms.height()
              + " does not hold: memory or processor are faulty, nothing was sent");
    }
  }

  Recon.Builder recon() {
    return Recon.newBuilder().setSlot(terms.slot());
  }

  void send(NodeId to, Recon recon, List<Effect> out) {
    out.add(new Effect.Send(to, envelope(recon)));
  }

  void broadcast(List<NodeId> to, Recon recon, List<Effect> out) {
    if (!to.isEmpty()) {
      out.add(new Effect.Broadcast(to, envelope(recon)));
    }
  }

  private Envelope envelope(Recon recon) {
    return Envelopes.unsigned(
        terms.chain(), terms.self(), WireMessage.RECON_FIELD_NUMBER, terms.period(), recon);
  }

  /** The POL and content of the valid value stand in the first record after they were learned. */
  private LogRecord record(Envelope vote, Lock lock, Proofs proofs) {
    VoteRecord.Builder record =
        VoteRecord.newBuilder()
            .setVote(vote)
            .setLockedRound(lock.lockedRound())
            .setLockedValue(Ballot.field(lock.lockedValue()))
            .setValidRound(lock.validRound())
            .setValidValue(Ballot.field(lock.validValue()));
    if (lock.validRound() > recordedPolRound) {
      recordedPolRound = lock.validRound();
      proofs.newest().ifPresent(record::setPol);
      proofs
          .content()
          .ifPresent(content -> {
            record.setHeader(content.header());
            content.ids().forEach(id -> record.addIds(id.toByteString()));
          });
    }
    return LogRecord.newBuilder().setVote(record).build();
  }

  private LastSigned place(int round, Step step) {
    return new LastSigned(terms.epoch(), terms.height(), round, step);
  }

  /** A vote to be made: a ballot without id and envelope. */
  static Ballot intent(int member, int round, VoteType type, Hash value, int polRound) {
    return new Ballot(
        member, round, type, value, polRound, Hash.ZERO, Envelope.getDefaultInstance());
  }
}
