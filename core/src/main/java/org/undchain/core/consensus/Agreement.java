package org.undchain.core.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.ReconFetch;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Vote;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The agreement of one height on one job file (section 4.5), as a component of the validator
 * machine, which passes events in and takes effects out.
 *
 * <p>Round 0 has no leader: everybody prevotes the header of its own frozen file, and since the
 * stage rule made the files equal, two message delays later the height is decided. If not, rounds r
 * ≥ 1 have a proposer that offers the union of what all insist on, or the value of the newest POL.
 * A quorum of prevotes for V is a POL; who sees it locks V and precommits; a quorum of precommits
 * decides. Safety rests on three things: nobody signs a place (round, step) twice (R4.40), a lock
 * yields only to a newer POL (R4.23), and a prevote that names a POL counts only where that POL is
 * held (R4.24a).
 *
 * <p>This class is the door: it judges what comes, enters it into the {@link Tally} and lets the
 * {@link Rounds} apply the rules. Before {@link #start} everything is only entered; after the
 * decision votes still show breaches and headers are still served.
 */
public final class Agreement {
  private final Terms terms;
  private final Tally tally;
  private final Voice voice;
  private final Inquiry inquiry;
  private final Rounds rounds;
  private final TreeMap<NodeId, Served> served = new TreeMap<>();

  /**
   * What is fixed for one height.
   *
   * @param consensusKey signs votes and proposals; never used if {@code mute} or if {@code self} is
   *     not in the set
   * @param period pay period of the slot, and of the set
   * @param mute this validator signs nothing at this height (R4.41), it only follows
   */
  public record Terms(
      ChainContext chain,
      SignatureCheck signatures,
      ValidatorSet set,
      NodeId self,
      Signer consensusKey,
      RunRules rules,
      long epoch,
      long period,
      long height,
      long slot,
      BlockKind kind,
      boolean mute) {
    public Terms {
      if (period != set.cert().getPeriod()) {
        throw new IllegalArgumentException(
            "slot of period " + period + " with the set of period " + set.cert().getPeriod());
      }
    }

    /** a[(h+r) mod n] (R4.22). */
    int proposer(int round) {
      return Math.floorMod(height + round, set.n());
    }

    /** Place of this validator in the set order, −1 if it only watches. */
    int me() {
      return set.indexOf(self);
    }
  }

  /**
   * lockedR, lockedV, validR, validV of section 4.5; a round is −1 and its value zero if there is
   * none.
   */
  public record Standing(int lockedRound, Hash lockedValue, int validRound, Hash validValue) {}

  private record Served(Hash value, BlockTime at) {}

  /**
   * @param isGone whether a member's connection ended and did not come back: nothing is waited for
   *     that it would have to say (decision 0026)
   */
  public Agreement(
      Terms terms, JobFileView files, Predicate<NodeId> isGone, Optional<Restored> restored) {
    this.terms = terms;
    this.tally = new Tally(terms, new Candidates(files, 4 * terms.rules().maxEntries()));
    this.voice = new Voice(terms, restored.map(Restored::last).orElse(LastSigned.NOTHING));
    this.inquiry = new Inquiry(terms, tally, voice);
    this.rounds = new Rounds(terms, files, isGone, tally, voice, inquiry);
    restored.ifPresent(rounds::restore);
  }

  /** Whether a timer is one of these. */
  public static boolean isTimer(TimerId id) {
    return Alarms.owns(id);
  }

  /**
   * R4.20: the files are frozen, votes begin; in a round ≥ 1 if f+1 members are already there, then
   * without a prevote of round 0, or where this validator was before a restart.
   */
  public void start(BlockTime now, List<Effect> out) {
    if (!isStarted() && decision().isEmpty()) {
      rounds.start(now, out);
    }
  }

  /** A vote (kind 2); before {@link #start} it is only kept. */
  public Verdict onVote(BlockTime now, Opened opened, List<Effect> out) {
    Vote vote = opened.body().getVote();
    int member = terms.set().indexOfConsensusKey(opened.signer());
    if (opened.envelope().getKind() != EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE || member < 0) {
      return Verdict.reject(RejectCode.REJECT_CODE_NOT_AUTHORISED, "vote of no member of the set");
    }
    if (!isHere(opened, vote.getEpoch(), vote.getHeight()) || vote.getSlot() != terms.slot()) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    Optional<Ballot> ballot = Ballot.of(member, vote, opened.id(), opened.envelope());
    if (ballot.isEmpty()) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_FIELD, "no honest vote has these fields");
    }
    Verdict verdict = then(now, tally.enter(ballot.get(), current()), out);
    rounds.wonder(out);
    return verdict;
  }

  /** A proposal of a round ≥ 1 (R4.22), whoever passed it on. */
  public Verdict onProposal(BlockTime now, NodeId from, Opened opened, List<Effect> out) {
    Proposal proposal = opened.body().getProposal();
    if (!isHere(opened, proposal.getEpoch(), proposal.getHeight()) || decision().isPresent()) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    Optional<Offer> offer = Offer.of(proposal, opened.id(), opened.envelope());
    if (!opened.isSigned() || offer.isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "no honest proposal has these fields");
    }
    int proposer = terms.proposer(proposal.getRound());
    if (!terms.set().member(proposer).consensusKey().equals(opened.signer())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_AUTHORISED, "proposal not by the proposer of its round");
    }
    return then(now, tally.enter(offer.get(), current()), out);
  }

  /** A POL or QC (R4.25, R4.26), whoever passed it on. */
  public Verdict onCert(BlockTime now, NodeId from, Cert cert, List<Effect> out) {
    if (decision().isPresent()) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    return then(now, tally.enter(cert, current()), out);
  }

  /**
   * What a member insists on in a round ≥ 1 (R4.22); empty from those who tell their round only.
   */
  public Verdict onInsist(BlockTime now, NodeId from, ReconInsist insist, List<Effect> out) {
    int member = terms.set().indexOf(from);
    if (member < 0) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_AUTHORISED, "INSIST of no member of the set");
    }
    if (insist.getHeight() != terms.height() || insist.getRound() < 1 || decision().isPresent()) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    tally.enter(from, member, insist, current());
    return then(now, Verdict.ACCEPT, out);
  }

  /** Somebody asks for the header and ids of a value; contents and stamps are asked of the file. */
  public Verdict onFetch(BlockTime now, NodeId from, ReconFetch fetch, List<Effect> out) {
    if (fetch.getHeaderHash().size() != Hash.SIZE) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_BAD_FIELD);
    }
    Hash value = Hash.of(fetch.getHeaderHash());
    Optional<Candidate> candidate = tally.candidates().of(value);
    if (candidate.isEmpty() || !terms.set().contains(from)) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_FOUND);
    }
    Served last = served.get(from);
    if (last != null
        && last.value().equals(value)
        && now.minus(last.at()) < Timeouts.REPEAT_MILLIS / 2) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_BUSY);
    }
    served.put(from, new Served(value, now));
    ReconData.Builder data = ReconData.newBuilder().setHeader(candidate.get().header());
    candidate.get().ids().forEach(id -> data.addIds(id.toByteString()));
    voice.send(from, voice.recon().setData(data).build(), out);
    return Verdict.ACCEPT;
  }

  /** Header and ids of a value that was asked for; contents in the same message go to the file. */
  public Verdict onData(BlockTime now, NodeId from, ReconData data, List<Effect> out) {
    Hash value = Certificates.valueOf(data.getHeader());
    if (!data.hasHeader() || !inquiry.isOpen(value)) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_FOUND);
    }
    if (!tally.candidates().offer(data.getHeader(), data.getIdsList())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "ids are not those the header commits to");
    }
    inquiry.close(value);
    return then(now, Verdict.ACCEPT, out);
  }

  /** Contents arrived: waiting candidates are judged again. */
  public void onContent(BlockTime now, List<Effect> out) {
    tally.candidates().askAgain();
    rounds.advance(now, out);
  }

  /** A member's connection ended: what was waited for may not come any more. */
  public void onPeerDown(BlockTime now, List<Effect> out) {
    rounds.advance(now, out);
  }

  /** A timer of {@link #isTimer}; those of other heights and left rounds do nothing. */
  public void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    rounds.onTimer(now, id, out);
  }

  public Optional<Decision> decision() {
    return rounds.decision();
  }

  public boolean isStarted() {
    return rounds.round() != Ballot.NO_ROUND;
  }

  /** The round this validator is in; −1 before {@link #start}. */
  public int round() {
    return rounds.round();
  }

  /** Lock and newest POL as they stand in memory; for those who watch this machine. */
  public Standing standing() {
    Lock lock = rounds.lock();
    return new Standing(
        lock.lockedRound(), lock.lockedValue(), lock.validRound(), lock.validValue());
  }

  /**
   * Whether f+1 members are in a round ≥ 1 although this one has not started: time to freeze
   * (R4.20).
   */
  public boolean isLeftBehind() {
    return !isStarted() && decision().isEmpty() && tally.book().reachedRound() >= 1;
  }

  /** Whether this validator signs nothing at this height. */
  public boolean isMute() {
    return voice.isMute();
  }

  /** All POLs held, complete, ascending by round: served for one period (R4.24a). */
  public List<Cert> pols() {
    return tally.pols().all();
  }

  /**
   * A vote for a value that is known here: raw material for E4 and E5.
   *
   * @param member place of the voter in the set order
   * @param isFirst a prevote that names no POL, so that stands for the voter's own promises
   */
  public record Statement(int member, boolean isFirst, Envelope vote, Candidate candidate) {}

  /** All votes at hand whose value is known here, prevotes first. */
  public List<Statement> statements() {
    List<Statement> statements = new ArrayList<>();
    for (Ballot ballot : tally.book().all()) {
      tally
          .candidates()
          .of(ballot.value())
          .ifPresent(candidate -> statements.add(statement(ballot, candidate)));
    }
    return statements;
  }

  private static Statement statement(Ballot ballot, Candidate candidate) {
    boolean isFirst = ballot.step() == Step.PREVOTE && ballot.polRound() == Ballot.NO_ROUND;
    return new Statement(ballot.member(), isFirst, ballot.envelope(), candidate);
  }

  /** The votes a commit certificate is made of, as they were signed. */
  public List<Envelope> precommits(Cert qc) {
    return Certificates.ballots(terms.chain(), terms.set(), qc).stream()
        .map(Ballot::envelope)
        .toList();
  }

  public void addLoads(List<Load> loads) {
    tally.addLoads(loads);
  }

  public ValidatorSet set() {
    return terms.set();
  }

  /** Breaches found since the last call; at most one per member and code. */
  public List<Breach> breaches() {
    return tally.book().drainBreaches();
  }

  private Verdict then(BlockTime now, Verdict verdict, List<Effect> out) {
    rounds.advance(now, out);
    return verdict;
  }

  private boolean isHere(Opened opened, long epoch, long height) {
    return opened.envelope().getPayPeriod() == terms.period()
        && epoch == terms.epoch()
        && height == terms.height();
  }

  private int current() {
    return Math.max(rounds.round(), 0);
  }
}
