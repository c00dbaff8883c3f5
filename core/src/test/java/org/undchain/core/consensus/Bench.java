package org.undchain.core.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** One agreement on the bench: events go in by hand, what it did since the last look comes out. */
final class Bench {
  final Committee committee;
  final int member;
  final ToyFiles files;
  final List<LogRecord> log = new ArrayList<>();
  final TreeSet<NodeId> gone = new TreeSet<>();
  Agreement agreement;
  BlockTime now = new BlockTime(1_000_000);
  private List<Effect> effects = new ArrayList<>();

  Bench(Committee committee, int member, ToyFiles files) {
    this(committee, committee.terms(member), member, files);
  }

  Bench(Committee committee, Agreement.Terms terms, int member, ToyFiles files) {
    this.committee = committee;
    this.member = member;
    this.files = files;
    this.agreement = new Agreement(terms, files, gone::contains, Optional.empty());
  }

  Bench started() {
    agreement.start(now, effects);
    return this;
  }

  /** The process dies and comes back with its log. */
  Bench restarted() {
    look();
    agreement =
        new Agreement(
            committee.terms(member), files, gone::contains, Restored.of(0, Committee.HEIGHT, log));
    return started();
  }

  Verdict vote(Opened vote) {
    return agreement.onVote(now, vote, effects);
  }

  void prevotes(int round, Hash value, int... members) {
    for (int from : members) {
      vote(committee.prevote(from, round, value));
    }
  }

  void precommits(int round, Hash value, int... members) {
    for (int from : members) {
      vote(committee.precommit(from, round, value));
    }
  }

  Verdict proposal(Opened proposal) {
    return agreement.onProposal(now, ToyKeys.id(0), proposal, effects);
  }

  Verdict cert(Cert cert) {
    return agreement.onCert(now, ToyKeys.id(0), cert, effects);
  }

  void content() {
    agreement.onContent(now, effects);
  }

  void loses(int other) {
    gone.add(ToyKeys.id(other));
    agreement.onPeerDown(now, effects);
  }

  void fire(String purpose) {
    int round = purpose.equals(Alarms.REPEAT) ? 0 : agreement.round();
    agreement.onTimer(now, new TimerId(purpose, Committee.HEIGHT, round), effects);
  }

  List<Effect> out() {
    return effects;
  }

  /** All effects since the last look; records go to the log. */
  List<Effect> look() {
    List<Effect> seen = effects;
    effects = new ArrayList<>();
    for (Effect effect : seen) {
      if (effect instanceof Effect.Persist(LogRecord record)) {
        log.add(record);
      }
    }
    return seen;
  }

  /** The votes sent since the last look, such as "prevote 1 of A by POL 0". */
  List<Vote> votes() {
    return envelopes().stream()
        .filter(envelope -> envelope.getKind() == EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE)
        .map(envelope -> Committee.open(envelope).body().getVote())
        .toList();
  }

  /** Everything broadcast since the last look. */
  List<Envelope> envelopes() {
    return look().stream()
        .filter(Effect.Broadcast.class::isInstance)
        .map(effect -> ((Effect.Broadcast) effect).message())
        .toList();
  }

  static List<WireMessage> bodies(List<Envelope> envelopes) {
    return envelopes.stream().map(envelope -> Committee.open(envelope).body()).toList();
  }

  static Vote prevote(int round, Hash value, int polRound) {
    return vote(round, VoteType.VOTE_TYPE_PREVOTE, value, polRound);
  }

  static Vote precommit(int round, Hash value) {
    return vote(round, VoteType.VOTE_TYPE_PRECOMMIT, value, -1);
  }

  private static Vote vote(int round, VoteType type, Hash value, int polRound) {
    return Vote.newBuilder()
        .setHeight(Committee.HEIGHT)
        .setSlot(ToyFiles.SLOT)
        .setRound(round)
        .setType(type)
        .setPolRoundPlusOne(polRound + 1)
        .setValue(Ballot.field(value))
        .build();
  }

  static Hash value(Candidate candidate) {
    return Certificates.valueOf(candidate.header());
  }
}
