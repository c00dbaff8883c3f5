package org.undchain.core.consensus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.undchain.core.consensus.Agreement.Terms;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.consensus.JobFileView.Validity;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Cert;
import org.undchain.core.message.ClosedRecord;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The state machine of section 4.5: the round, the lock, and the rules R4.20 to R4.28 over what the
 * {@link Tally} holds. {@link #advance} applies the rules until none has anything to do; own votes
 * are tallied like those of others.
 */
final class Rounds {
  private final Terms terms;
  private final JobFileView files;
  private final Predicate<NodeId> isGone;
  private final Tally tally;
  private final Voice voice;
  private final Inquiry inquiry;
  private final Timeouts timeouts;
  private final Alarms alarms;
  private final int me;
  private final int quorum;

  private Lock lock = Lock.NONE;
  private int round = Ballot.NO_ROUND;
  private int firstRound;
  private boolean isPrevoted;
  private boolean isPrecommitted;
  private boolean isRecovered;
  private boolean mayEndRound;
  private boolean isContradicted;
  private Hash own = Ballot.NIL;
  private List<Hash> insisted = List.of();
  private Optional<Decision> decision = Optional.empty();

  Rounds(
      Terms terms,
      JobFileView files,
      Predicate<NodeId> isGone,
      Tally tally,
      Voice voice,
      Inquiry inquiry) {
    this.terms = terms;
    this.files = files;
    this.isGone = isGone;
    this.tally = tally;
    this.voice = voice;
    this.inquiry = inquiry;
    this.timeouts = Timeouts.of(terms.rules(), terms.kind());
    this.alarms = new Alarms(terms.height());
    this.me = terms.me();
    this.quorum = terms.set().quorum();
  }

  /** R4.40: after a restart everything signed before is known again, and nothing is signed anew. */
  void restore(Restored restored) {
    tally.restore(restored);
    lock = restored.lock();
    firstRound = restored.last().round();
    voice.restore(restored.ballots(terms.chain(), me), restored.validRound());
  }

  /** R4.20. */
  void start(BlockTime now, List<Effect> out) {
    own = tally.candidates().addOwn(files.own());
    insisted = List.copyOf(files.insisted());
    alarms.armRepeat(now.plusMillis(Timeouts.REPEAT_MILLIS), out);
    enterRound(now, Math.max(firstRound, tally.book().reachedRound()), out);
    repeatOwn(out);
    advance(now, out);
  }

  void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    if (!alarms.take(id)) {
      return;
    }
    switch (id.purpose()) {
      case Alarms.RECOVER -> isRecovered = true;
      case Alarms.PROPOSE -> {
        if (!isPrevoted) {
          castPrevote(Ballot.NIL, Ballot.NO_ROUND, out);
        }
      }
      case Alarms.PREVOTE -> {
        if (!isPrecommitted) {
          castPrecommit(Ballot.NIL, out);
        }
      }
      case Alarms.PRECOMMIT -> enterRound(now, round + 1, out);
      case Alarms.REPEAT -> repeat(now, out);
      default -> throw new IllegalArgumentException("no timer of the agreement: " + id);
    }
    advance(now, out);
  }

  int round() {
    return round;
  }

  Lock lock() {
    return lock;
  }

  Optional<Decision> decision() {
    return decision;
  }

  /** Applies the rules until none of them has anything to do. */
  void advance(BlockTime now, List<Effect> out) {
    mayEndRound = true;
    boolean isBusy = true;
    while (isBusy && decision.isEmpty()) {
      watchOwnKey(out);
      tally.count();
      followNewestPol(out);
      isBusy = apply(now, out);
    }
  }

  /**
   * Whoever prevotes another file than this validator's in round 0 is asked for it, though nobody
   * may decide it: by its header it may break a promise (E4) or be invalid (E5).
   */
  void wonder(List<Effect> out) {
    if (round != Ballot.NO_ROUND) {
      tally.book().prevotes(0).values().forEach(value -> inquiry.require(value, out));
    }
  }

  /** Applies one rule; false if none applies. */
  private boolean apply(BlockTime now, List<Effect> out) {
    if (decide(out)) {
      return true;
    }
    if (round == Ballot.NO_ROUND) {
      return false;
    }
    if (jump(now, out)
        || propose(now, out)
        || prevote(now, out)
        || precommit(out)
        || nextRound(now, out)) {
      return true;
    }
    armTimers(now, out);
    return false;
  }

  /** R4.41: a vote under the own key that was never made here ends all voting at this height. */
  private void watchOwnKey(List<Effect> out) {
    if (voice.isMute()) {
      return;
    }
    tally
        .book()
        .lastOf(me)
        .filter(last -> voice.isOpen(last.round(), last.step()))
        .ifPresent(stranger -> {
          voice.silence();
          deliver(new AgreementNotice.StrangeOwnVote(terms.height(), stranger.round()), out);
        });
  }

  /** R4.25: a newer POL becomes validV and is passed on once. */
  private void followNewestPol(List<Effect> out) {
    tally
        .newestPol()
        .filter(pol -> pol.getRound() > lock.validRound())
        .ifPresent(pol -> {
          lock = lock.seen(pol.getRound(), Hash.of(pol.getValue()));
          voice.broadcast(pol, out);
        });
  }

  /** R4.26: ≥ q precommits of one round for V, and V's contents. */
  private boolean decide(List<Effect> out) {
    if (tally.qc().isEmpty() || isContradicted) {
      return false;
    }
    Cert qc = tally.qc().get();
    Hash value = Hash.of(qc.getValue());
    Optional<Candidate> candidate = inquiry.require(value, out);
    if (candidate.isEmpty()) {
      return false;
    }
    return switch (tally.candidates().judge(value, candidate.get())) {
      case Validity.Valid() -> {
        decision = Optional.of(new Decision(candidate.get(), qc));
        alarms.cancelAll(out);
        deliver(new AgreementNotice.Decided(terms.height(), qc.getRound(), value), out);
        voice.broadcast(qc, out);
        yield true;
      }
      case Validity.Invalid(String why) -> {
        isContradicted = true;
        deliver(new AgreementNotice.Contradiction(terms.height(), value, why), out);
        yield false;
      }
      case Validity.Missing(List<Hash> ids) -> {
        inquiry.askContents(value, ids, out);
        yield false;
      }
    };
  }

  /** R4.27: ≥ f+1 members are in rounds ≥ r′ &gt; r. */
  private boolean jump(BlockTime now, List<Effect> out) {
    int reached = tally.book().reachedRound();
    if (reached <= round) {
      return false;
    }
    enterRound(now, reached, out);
    return true;
  }

  /** R4.22: the proposer offers validV with its POL, or the union of what all insist on. */
  private boolean propose(BlockTime now, List<Effect> out) {
    if (!isToPropose()) {
      return false;
    }
    Optional<Proposal.Builder> proposal =
        lock.hasValid() ? validProposal(out) : Optional.of(proposalOf(union(now)));
    if (proposal.isEmpty()) {
      return false;
    }
    tally.enterOwn(voice.propose(proposal.get().build(), out));
    return true;
  }

  private boolean isToPropose() {
    return round > 0
        && terms.proposer(round) == me
        && !voice.isMute()
        && !isPrevoted
        && voice.isOpen(round, Step.PROPOSE)
        && (isRecovered || hasInsistsOfAll());
  }

  /** Whether a quorum told what it insists on, and everybody who still can. */
  private boolean hasInsistsOfAll() {
    TreeMap<NodeId, ReconInsist> insists = tally.insists(round);
    return insists.size() >= quorum
        && terms.set().others(terms.self()).stream()
            .allMatch(other -> insists.containsKey(other) || isGone.test(other));
  }

  /** validV with its POL; empty while its content is not here. */
  private Optional<Proposal.Builder> validProposal(List<Effect> out) {
    Optional<Candidate> candidate = inquiry.require(lock.validValue(), out);
    Optional<Cert> pol = tally.pols().complete(lock.validRound(), lock.validValue());
    if (candidate.isEmpty() || pol.isEmpty() || lock.validRound() >= round) {
      return Optional.empty();
    }
    return Optional.of(
        proposalOf(candidate.get()).setPol(pol.get()).setPolRoundPlusOne(lock.validRound() + 1));
  }

  private Candidate union(BlockTime now) {
    TreeMap<NodeId, ReconInsist> insists = new TreeMap<>(tally.insists(round));
    insists.remove(terms.self());
    return files.union(now, new ArrayList<>(insists.keySet()), new ArrayList<>(insists.values()));
  }

  private Proposal.Builder proposalOf(Candidate candidate) {
    tally.candidates().add(candidate);
    Proposal.Builder proposal =
        Proposal.newBuilder()
            .setEpoch(terms.epoch())
            .setHeight(terms.height())
            .setRound(round)
            .setHeader(candidate.header());
    candidate.ids().forEach(id -> proposal.addIds(id.toByteString()));
    return proposal;
  }

  /** R4.21 and R4.23. */
  private boolean prevote(BlockTime now, List<Effect> out) {
    if (isPrevoted) {
      return false;
    }
    if (round == 0) {
      castPrevote(files.wantsSkip(now) ? Ballot.NIL : own, Ballot.NO_ROUND, out);
      return true;
    }
    Optional<Hash> offered = tally.offer(round).map(Offer::value);
    if (offered.isEmpty()) {
      return false;
    }
    Candidate candidate = tally.candidates().of(offered.get()).orElseThrow();
    return switch (tally.candidates().judge(offered.get(), candidate)) {
      case Validity.Missing(List<Hash> ids) -> {
        inquiry.askContents(offered.get(), ids, out);
        yield false;
      }
      case Validity.Invalid(String why) -> {
        castPrevote(Ballot.NIL, Ballot.NO_ROUND, out);
        yield true;
      }
      case Validity.Valid() -> {
        prevoteValid(now, offered.get(), candidate, out);
        yield true;
      }
    };
  }

  /**
   * R4.23 for a valid value: p is the newest POL for it below this round, the proposer's or own.
   */
  private void prevoteValid(BlockTime now, Hash value, Candidate candidate, List<Effect> out) {
    int polRound = tally.pols().newestBefore(round, value);
    if (polRound != Ballot.NO_ROUND) {
      boolean isFree = lock.admits(value, polRound);
      castPrevote(isFree ? value : Ballot.NIL, isFree ? polRound : Ballot.NO_ROUND, out);
      return;
    }
    boolean isGood =
        !lock.isLocked()
            && holdsInsisted(candidate)
            && files.isSkipAllowed(now, candidate.header());
    if (isGood) {
      closeIfSkip(candidate.header(), out);
    }
    castPrevote(isGood ? value : Ballot.NIL, Ballot.NO_ROUND, out);
  }

  /** I_v ⊆ entries(V): nobody helps a first POL of a value that breaks its own promises. */
  private boolean holdsInsisted(Candidate candidate) {
    return insisted.stream().allMatch(id -> Collections.binarySearch(candidate.ids(), id) >= 0);
  }

  /** R4.18: who votes for a skip promises first, durably, to stamp nothing below nextSlot. */
  private void closeIfSkip(Header header, List<Effect> out) {
    if (header.getNextSlot() <= terms.slot() + 1 || voice.isMute()) {
      return;
    }
    ClosedRecord closed = ClosedRecord.newBuilder().setNextSlot(header.getNextSlot()).build();
    out.add(new Effect.Persist(LogRecord.newBuilder().setClosed(closed).build()));
    files.close(header.getNextSlot());
  }

  /** R4.24: a POL of this round for a valid value locks and is precommitted. */
  private boolean precommit(List<Effect> out) {
    if (isPrecommitted) {
      return false;
    }
    for (Hash value : tally.pols().valuesAt(round)) {
      if (isInHandAndValid(value, out)) {
        lock = lock.locked(round, value);
        deliver(new AgreementNotice.Locked(terms.height(), round, value), out);
        castPrecommit(value, out);
        return true;
      }
    }
    if (tally.book().prevotes(round).counted(Ballot.NIL).size() >= quorum) {
      castPrecommit(Ballot.NIL, out);
      return true;
    }
    return false;
  }

  private boolean isInHandAndValid(Hash value, List<Effect> out) {
    Optional<Candidate> candidate = inquiry.require(value, out);
    if (candidate.isEmpty()) {
      return false;
    }
    return switch (tally.candidates().judge(value, candidate.get())) {
      case Validity.Valid() -> true;
      case Validity.Invalid(String why) -> false;
      case Validity.Missing(List<Hash> ids) -> {
        inquiry.askContents(value, ids, out);
        yield false;
      }
    };
  }

  /**
   * R4.27: a round ends at once when its precommits can decide nothing any more, as with ≥ q that
   * are nil; but only one round per event, so that a lone validator (n = 1) with a file that nobody
   * may decide does not spin.
   */
  private boolean nextRound(BlockTime now, List<Effect> out) {
    if (!mayEndRound || !isHopeless(tally.book().precommits(round))) {
      return false;
    }
    mayEndRound = false;
    enterRound(now, round + 1, out);
    return true;
  }

  /**
   * Whether a quorum voted and none can come about for any value, whatever those say who may still
   * vote. The votes of a traitor may be others elsewhere.
   */
  private boolean isHopeless(VoteSet votes) {
    if (votes.size() < quorum) {
      return false;
    }
    long open = 0;
    for (int member = 0; member < terms.set().n(); member++) {
      boolean mayVote = member == me || !isGone.test(terms.set().member(member).id());
      open += mayVote && votes.of(member).isEmpty() ? 1 : 0;
    }
    return votes.most() + open < quorum;
  }

  /**
   * T_prevote and T_precommit run from the q-th vote of whatever value. Where no POL can come about
   * any more by what is known here, one may only have come about elsewhere, by a traitor's other
   * vote, and is here within a stage; likewise the proposal of a proposer that is gone (decision
   * 0026).
   */
  private void armTimers(BlockTime now, List<Effect> out) {
    if (!isPrevoted && round > 0 && isGone.test(terms.set().member(terms.proposer(round)).id())) {
      alarms.arm(Alarms.PROPOSE, round, now.plusMillis(timeouts.stage()), out);
    }
    VoteSet prevotes = tally.book().prevotes(round);
    if (isPrevoted && !isPrecommitted && prevotes.size() >= quorum) {
      long wait =
          isHopeless(prevotes)
              ? Math.min(timeouts.stage(), timeouts.prevote(round))
              : timeouts.prevote(round);
      alarms.arm(Alarms.PREVOTE, round, now.plusMillis(wait), out);
    }
    if (tally.book().precommits(round).size() >= quorum) {
      alarms.arm(Alarms.PRECOMMIT, round, now.plusMillis(timeouts.precommit(round)), out);
    }
  }

  private void enterRound(BlockTime now, int next, List<Effect> out) {
    assert next > round : next + " after " + round;
    alarms.leaveRound(out);
    round = Math.max(next, 0);
    isRecovered = false;
    isPrevoted = !voice.isOpen(round, Step.PREVOTE);
    isPrecommitted = !voice.isOpen(round, Step.PRECOMMIT);
    tally.forgetBefore(round, List.of(own, lock.lockedValue(), lock.validValue()));
    deliver(new AgreementNotice.RoundEntered(terms.height(), round), out);
    if (round == 0) {
      return;
    }
    alarms.arm(Alarms.PROPOSE, round, now.plusMillis(timeouts.propose(round)), out);
    if (terms.proposer(round) == me) {
      alarms.arm(Alarms.RECOVER, round, now.plusMillis(timeouts.recover(round)), out);
    }
    insist(out);
  }

  /** R4.22: the proposer gets what this validator insists on, the others only hear of the round. */
  private void insist(List<Effect> out) {
    if (voice.isMute()) {
      return;
    }
    NodeId proposer = terms.set().member(terms.proposer(round)).id();
    ReconInsist full =
        files.insist(round).toBuilder().setHeight(terms.height()).setRound(round).build();
    tally.enter(terms.self(), me, full, round);
    ReconInsist bare =
        ReconInsist.newBuilder()
            .setHeight(terms.height())
            .setRound(round)
            .setHasLaneNext(full.getHasLaneNext())
            .build();
    for (NodeId other : terms.set().others(terms.self())) {
      voice.send(other, voice.recon().setInsist(other.equals(proposer) ? full : bare).build(), out);
    }
  }

  private void castPrevote(Hash value, int polRound, List<Effect> out) {
    isPrevoted = true;
    cast(Voice.intent(me, round, VoteType.VOTE_TYPE_PREVOTE, value, polRound), out);
  }

  private void castPrecommit(Hash value, List<Effect> out) {
    isPrevoted = true;
    isPrecommitted = true;
    cast(Voice.intent(me, round, VoteType.VOTE_TYPE_PRECOMMIT, value, Ballot.NO_ROUND), out);
  }

  private void cast(Ballot intent, List<Effect> out) {
    if (voice.isMute()) {
      return;
    }
    Voice.Proofs proofs =
        new Voice.Proofs(
            tally.pols().complete(lock.validRound(), lock.validValue()),
            tally.candidates().of(lock.validValue()),
            tally.pols().complete(intent.polRound(), intent.value()));
    tally.enter(voice.vote(intent, lock, proofs, out), round);
  }

  /** R4.28: what was said is said again, what is missing asked for again. */
  private void repeat(BlockTime now, List<Effect> out) {
    alarms.armRepeat(now.plusMillis(Timeouts.REPEAT_MILLIS), out);
    repeatOwn(out);
    if (round > 0) {
      insist(out);
    }
    inquiry.again();
    tally.candidates().askAgain();
  }

  /** Newest POL, own votes of the last two rounds, own proposal. */
  private void repeatOwn(List<Effect> out) {
    tally
        .pols()
        .complete(lock.validRound(), lock.validValue())
        .ifPresent(pol -> voice.broadcast(pol, out));
    voice.repeatVotes(round, out);
    if (terms.proposer(round) == me) {
      tally.offer(round).ifPresent(offer -> voice.say(offer.envelope(), out));
    }
  }

  private void deliver(AgreementNotice notice, List<Effect> out) {
    out.add(new Effect.Deliver(notice));
  }
}
