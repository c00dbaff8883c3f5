package org.undchain.core.consensus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.consensus.JobFileView.Validity;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Notice;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.ClosedRecord;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.Recon;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.ReconFetch;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
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
 * <p>Every handler enters what came, then {@link #advance} applies the rules until none of them has
 * anything to do. Own votes pass through the same books as those of others.
 */
public final class Agreement {
  static final String RECOVER = "agree-recover";
  static final String PROPOSE = "agree-propose";
  static final String PREVOTE = "agree-prevote";
  static final String PRECOMMIT = "agree-precommit";
  static final String REPEAT = "agree-repeat";

  /** Ids of missing contents asked for at once. */
  private static final int FETCH_MAX = 512;

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
  }

  private final Terms terms;
  private final JobFileView files;
  private final Timeouts timeouts;
  private final int me;
  private final VoteBook book;
  private final Pols pols = new Pols();
  private final Candidates candidates;
  private final Voice voice;
  private final TreeMap<Integer, Offer> offers = new TreeMap<>();
  private final TreeMap<Integer, TreeMap<NodeId, ReconInsist>> insists = new TreeMap<>();
  private final TreeSet<TimerId> armed = new TreeSet<>();
  private final TreeSet<Hash> asked = new TreeSet<>();
  private final TreeMap<NodeId, Served> served = new TreeMap<>();
  private int askedTimes;

  private Lock lock = Lock.NONE;
  private int round = Ballot.NO_ROUND;
  private boolean isPrevoted;
  private boolean isPrecommitted;
  private boolean isRecovered;
  private boolean mayEndRound;
  private boolean isContradicted;
  private Hash own = Ballot.NIL;
  private List<Hash> insisted = List.of();
  private Optional<Cert> qc = Optional.empty();
  private Optional<Decision> decision = Optional.empty();
  private Optional<Restored> restored;

  private record Served(Hash value, BlockTime at) {}

  public Agreement(Terms terms, JobFileView files, Optional<Restored> restored) {
    this.terms = terms;
    this.files = files;
    this.timeouts = Timeouts.of(terms.rules(), terms.kind());
    this.me = terms.set().indexOf(terms.self());
    this.book = new VoteBook(terms.set());
    this.candidates = new Candidates(files, 4 * terms.rules().maxEntries());
    this.voice = new Voice(terms, restored.map(Restored::last).orElse(LastSigned.NOTHING));
    this.restored = restored;
    restored.ifPresent(this::restore);
  }

  /** Whether a timer is one of these. */
  public static boolean isTimer(TimerId id) {
    return id.purpose().startsWith("agree-");
  }

  /**
   * R4.20: the files are frozen, votes begin; in a round ≥ 1 if f+1 members are already there, then
   * without a prevote of round 0, or where this validator was before a restart.
   */
  public void start(BlockTime now, List<Effect> out) {
    if (isStarted() || decision.isPresent()) {
      return;
    }
    Candidate frozen = files.own();
    own = candidates.addOwn(frozen);
    insisted = List.copyOf(files.insisted());
    int before = restored.map(last -> last.last().round()).orElse(0);
    setTimer(REPEAT, now.plusMillis(Timeouts.REPEAT_MILLIS), out);
    enterRound(now, Math.max(before, Math.max(0, book.reachedRound())), out);
    repeatOwn(out);
    restored = Optional.empty();
    advance(now, out);
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
    Verdict verdict = enter(ballot.get(), out);
    advance(now, out);
    return verdict;
  }

  /** A proposal of a round ≥ 1 (R4.22), whoever passed it on. */
  public Verdict onProposal(BlockTime now, NodeId from, Opened opened, List<Effect> out) {
    Proposal proposal = opened.body().getProposal();
    if (!isHere(opened, proposal.getEpoch(), proposal.getHeight()) || decision.isPresent()) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    Optional<Offer> offer = Offer.of(opened);
    if (!opened.isSigned() || offer.isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "no honest proposal has these fields");
    }
    int proposer = terms.proposer(proposal.getRound());
    if (!terms.set().member(proposer).consensusKey().equals(opened.signer())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_AUTHORISED, "proposal not by the proposer of its round");
    }
    book.noteRound(proposer, proposal.getRound());
    Verdict verdict = enter(proposer, offer.get(), out);
    advance(now, out);
    return verdict;
  }

  /** A POL or QC (R4.25, R4.26), whoever passed it on. */
  public Verdict onCert(BlockTime now, NodeId from, Cert cert, List<Effect> out) {
    Verdict verdict = enter(cert, out);
    advance(now, out);
    return verdict;
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
    if (insist.getHeight() != terms.height() || insist.getRound() < 1 || decision.isPresent()) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    book.noteRound(member, insist.getRound());
    boolean isMine = terms.proposer(insist.getRound()) == me;
    boolean isAhead =
        insist.getRound() >= round && insist.getRound() <= current() + VoteBook.AHEAD_ROUNDS;
    if (isMine && isAhead) {
      insists
          .computeIfAbsent(insist.getRound(), fresh -> new TreeMap<>())
          .putIfAbsent(from, insist);
    }
    advance(now, out);
    return Verdict.ACCEPT;
  }

  /** Somebody asks for the header and ids of a value; contents and stamps are asked of the file. */
  public Verdict onFetch(BlockTime now, NodeId from, ReconFetch fetch, List<Effect> out) {
    if (fetch.getHeaderHash().size() != Hash.SIZE) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_BAD_FIELD);
    }
    Hash value = Hash.of(fetch.getHeaderHash());
    Optional<Candidate> candidate = candidates.of(value);
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
    voice.send(from, recon().setData(data).build(), out);
    return Verdict.ACCEPT;
  }

  /** Header and ids of a value that was asked for; contents in the same message go to the file. */
  public Verdict onData(BlockTime now, NodeId from, ReconData data, List<Effect> out) {
    if (!data.hasHeader() || !asked.contains(Certificates.valueOf(data.getHeader()))) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_FOUND);
    }
    if (!candidates.offer(data.getHeader(), data.getIdsList())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "ids are not those the header commits to");
    }
    asked.remove(Certificates.valueOf(data.getHeader()));
    advance(now, out);
    return Verdict.ACCEPT;
  }

  /** Contents arrived: waiting candidates are judged again. */
  public void onContent(BlockTime now, List<Effect> out) {
    candidates.askAgain();
    advance(now, out);
  }

  /** A timer of {@link #isTimer}; those of other heights and left rounds do nothing. */
  public void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    if (!armed.remove(id) || decision.isPresent()) {
      return;
    }
    switch (id.purpose()) {
      case RECOVER -> isRecovered = true;
      case PROPOSE -> {
        if (!isPrevoted) {
          castPrevote(Ballot.NIL, Ballot.NO_ROUND, out);
        }
      }
      case PREVOTE -> {
        if (!isPrecommitted) {
          castPrecommit(Ballot.NIL, out);
        }
      }
      case PRECOMMIT -> enterRound(now, round + 1, out);
      case REPEAT -> repeat(now, out);
      default -> throw new IllegalArgumentException("no timer of the agreement: " + id);
    }
    advance(now, out);
  }

  public Optional<Decision> decision() {
    return decision;
  }

  public boolean isStarted() {
    return round != Ballot.NO_ROUND;
  }

  /** The round this validator is in; −1 before {@link #start}. */
  public int round() {
    return round;
  }

  /**
   * Whether f+1 members are in a round ≥ 1 although this one has not started: time to freeze
   * (R4.20).
   */
  public boolean isLeftBehind() {
    return !isStarted() && decision.isEmpty() && book.reachedRound() >= 1;
  }

  /** Whether this validator signs nothing at this height. */
  public boolean isMute() {
    return voice.isMute();
  }

  /** All POLs held, complete, ascending by round: served for one period (R4.24a). */
  public List<Cert> pols() {
    return pols.all();
  }

  /** Breaches found since the last call; at most one per member and code. */
  public List<Breach> breaches() {
    return book.drainBreaches();
  }

  // ---- entering what came ----

  private boolean isHere(Opened opened, long epoch, long height) {
    return opened.envelope().getPayPeriod() == terms.period()
        && epoch == terms.epoch()
        && height == terms.height();
  }

  private Verdict enter(Ballot ballot, List<Effect> out) {
    if (!VoteBook.isNear(ballot.round(), current())) {
      book.noteRound(ballot.member(), ballot.round());
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    if (ballot.member() == me && !voice.isMute() && voice.isOpen(ballot.round(), ballot.step())) {
      voice.silence();
      deliver(new AgreementNotice.StrangeOwnVote(terms.height(), ballot.round()), out);
    }
    return book.add(ballot) ? Verdict.ACCEPT : new Verdict.Ignore(RejectCode.REJECT_CODE_USED);
  }

  private Verdict enter(int proposer, Offer offer, List<Effect> out) {
    if (!VoteBook.isNear(offer.round(), current())) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    Offer before = offers.get(offer.round());
    if (before != null) {
      if (!before.isSameClaim(offer)) {
        NodeId offender = terms.set().member(proposer).id();
        book.convict(
            proposer, new Breach.DoubleProposal(offender, before.envelope(), offer.envelope()));
      }
      return new Verdict.Ignore(RejectCode.REJECT_CODE_USED);
    }
    if (offer.round() < round) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    if (!candidates.offer(offer.body().getHeader(), offer.body().getIdsList())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "ids are not those the header commits to");
    }
    offers.put(offer.round(), offer);
    if (offer.body().hasPol()) {
      enter(offer.body().getPol(), out);
    }
    return Verdict.ACCEPT;
  }

  private Verdict enter(Cert cert, List<Effect> out) {
    if (cert.getEpoch() != terms.epoch()
        || cert.getHeight() != terms.height()
        || cert.getSlot() != terms.slot()
        || decision.isPresent()) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    if (!Certificates.isWellFormed(terms.set(), cert)) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_FIELD, "certificate is not well-formed");
    }
    boolean isPol = cert.getType() == VoteType.VOTE_TYPE_PREVOTE;
    if (isPol ? pols.holds(cert.getRound(), Hash.of(cert.getValue())) : qc.isPresent()) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_USED);
    }
    if (!Certificates.verify(terms.chain(), terms.signatures(), terms.set(), cert)) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_SIGNATURE, "signature in a certificate");
    }
    if (isPol) {
      keep(cert, out);
      cert.getEarlierList().forEach(earlier -> enterVotes(earlier, out));
    } else {
      qc = Optional.of(cert);
    }
    enterVotes(cert, out);
    return Verdict.ACCEPT;
  }

  /** The votes of a certificate are votes like others: they show rounds, voters and breaches. */
  private void enterVotes(Cert cert, List<Effect> out) {
    Certificates.ballots(terms.chain(), terms.set(), cert).forEach(ballot -> enter(ballot, out));
  }

  /** Keeps a POL; a newer one becomes validV and is passed on once (R4.25). */
  private void keep(Cert pol, List<Effect> out) {
    if (!pols.add(pol)) {
      return;
    }
    Hash value = Hash.of(pol.getValue());
    if (pol.getRound() > lock.validRound()) {
      lock = lock.seen(pol.getRound(), value);
      pols.complete(pol.getRound(), value).ifPresent(cert -> voice.broadcast(cert, out));
    }
  }

  // ---- the rules, applied until none has anything to do ----

  private void advance(BlockTime now, List<Effect> out) {
    mayEndRound = true;
    gatherPols(out);
    while (decision.isEmpty() && apply(now, out)) {
      gatherPols(out);
    }
  }

  /** Applies one rule; false if none applies. */
  private boolean apply(BlockTime now, List<Effect> out) {
    return decide(out)
        || (isStarted()
            && (jump(now, out)
                || propose(now, out)
                || prevote(now, out)
                || precommit(out)
                || nextRound(now, out)
                || armTimers(now, out)));
  }

  /** R4.24a: ≥ q prevotes of a round that count are a POL; a new one may make later votes count. */
  private void gatherPols(List<Effect> out) {
    if (decision.isPresent()) {
      return;
    }
    for (var entry : book.allPrevotes().entrySet()) {
      for (Hash value : entry.getValue().values()) {
        List<Ballot> counted = entry.getValue().counted(value, pols::counts);
        if (counted.size() >= terms.set().quorum() && !pols.holds(entry.getKey(), value)) {
          keep(Certificates.build(terms.epoch(), terms.height(), terms.slot(), counted), out);
        }
      }
    }
  }

  /** R4.26: ≥ q precommits of one round for V, and V's contents. */
  private boolean decide(List<Effect> out) {
    gatherQc();
    if (qc.isEmpty() || isContradicted) {
      return false;
    }
    Hash value = Hash.of(qc.get().getValue());
    Optional<Candidate> candidate = require(value, out);
    if (candidate.isEmpty()) {
      return false;
    }
    return switch (candidates.judge(value, candidate.get())) {
      case Validity.Valid() -> {
        decision = Optional.of(new Decision(candidate.get(), qc.get()));
        cancelTimers(out);
        deliver(new AgreementNotice.Decided(terms.height(), qc.get().getRound(), value), out);
        voice.broadcast(qc.get(), out);
        yield true;
      }
      case Validity.Invalid(String why) -> {
        isContradicted = true;
        deliver(new AgreementNotice.Contradiction(terms.height(), value, why), out);
        yield false;
      }
      case Validity.Missing(List<Hash> ids) -> {
        askContents(value, ids, out);
        yield false;
      }
    };
  }

  private void gatherQc() {
    for (var votes : book.allPrecommits().values()) {
      for (Hash value : votes.values()) {
        List<Ballot> counted = votes.counted(value);
        if (qc.isEmpty() && counted.size() >= terms.set().quorum()) {
          qc =
              Optional.of(Certificates.build(terms.epoch(), terms.height(), terms.slot(), counted));
        }
      }
    }
  }

  /** R4.27: ≥ f+1 members are in rounds ≥ r′ &gt; r. */
  private boolean jump(BlockTime now, List<Effect> out) {
    int reached = book.reachedRound();
    if (reached <= round) {
      return false;
    }
    enterRound(now, reached, out);
    return true;
  }

  /** R4.22: the proposer offers validV with its POL, or the union of what all insist on. */
  private boolean propose(BlockTime now, List<Effect> out) {
    if (round == 0
        || terms.proposer(round) != me
        || voice.isMute()
        || isPrevoted
        || !voice.isOpen(round, Step.PROPOSE)
        || !(isRecovered || insistsHere().size() == terms.set().n())) {
      return false;
    }
    Proposal.Builder proposal =
        Proposal.newBuilder().setEpoch(terms.epoch()).setHeight(terms.height()).setRound(round);
    Candidate candidate;
    if (lock.hasValid()) {
      Optional<Candidate> valid = require(lock.validValue(), out);
      if (lock.validRound() >= round || valid.isEmpty()) {
        return false;
      }
      candidate = valid.get();
      proposal.setPolRoundPlusOne(lock.validRound() + 1);
      pols.complete(lock.validRound(), lock.validValue()).ifPresent(proposal::setPol);
    } else {
      candidate = union(now);
    }
    candidates.add(candidate);
    proposal.setHeader(candidate.header());
    candidate.ids().forEach(id -> proposal.addIds(id.toByteString()));
    offers.put(round, voice.propose(proposal.build(), out));
    return true;
  }

  private Candidate union(BlockTime now) {
    List<NodeId> senders = new ArrayList<>(insistsHere().keySet());
    senders.remove(terms.self());
    List<ReconInsist> sent = senders.stream().map(insistsHere()::get).toList();
    return files.union(now, senders, sent);
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
    Offer offer = offers.get(round);
    if (offer == null) {
      return false;
    }
    Candidate candidate = candidates.of(offer.value()).orElseThrow();
    return switch (candidates.judge(offer.value(), candidate)) {
      case Validity.Missing(List<Hash> ids) -> {
        askContents(offer.value(), ids, out);
        yield false;
      }
      case Validity.Invalid(String why) -> {
        castPrevote(Ballot.NIL, Ballot.NO_ROUND, out);
        yield true;
      }
      case Validity.Valid() -> {
        prevoteValid(now, offer.value(), candidate, out);
        yield true;
      }
    };
  }

  /**
   * R4.23 for a valid value: p is the newest POL for it below this round, the proposer's or own.
   */
  private void prevoteValid(BlockTime now, Hash value, Candidate candidate, List<Effect> out) {
    int polRound = pols.newestBefore(round, value);
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
    for (Hash value : pols.valuesAt(round)) {
      Optional<Candidate> candidate = require(value, out);
      if (candidate.isEmpty()) {
        continue;
      }
      Validity validity = candidates.judge(value, candidate.get());
      if (validity instanceof Validity.Missing(List<Hash> ids)) {
        askContents(value, ids, out);
      } else if (validity instanceof Validity.Valid) {
        lock = lock.locked(round, value);
        deliver(new AgreementNotice.Locked(terms.height(), round, value), out);
        castPrecommit(value, out);
        return true;
      }
    }
    if (book.prevotes(round).counted(Ballot.NIL).size() >= terms.set().quorum()) {
      castPrecommit(Ballot.NIL, out);
      return true;
    }
    return false;
  }

  /**
   * R4.27: ≥ q nil precommits end a round at once; but only one round per event, so that a lone
   * validator (n = 1) with a file that nobody may decide does not spin.
   */
  private boolean nextRound(BlockTime now, List<Effect> out) {
    int quorum = terms.set().quorum();
    if (!mayEndRound || book.precommits(round).counted(Ballot.NIL).size() < quorum) {
      return false;
    }
    mayEndRound = false;
    enterRound(now, round + 1, out);
    return true;
  }

  /** T_prevote and T_precommit run from the q-th vote of any value; a round arms each once. */
  private boolean armTimers(BlockTime now, List<Effect> out) {
    int quorum = terms.set().quorum();
    if (isPrevoted && !isPrecommitted && book.prevotes(round).size() >= quorum) {
      armOnce(PREVOTE, now.plusMillis(timeouts.prevote(round)), out);
    }
    if (book.precommits(round).size() >= quorum) {
      armOnce(PRECOMMIT, now.plusMillis(timeouts.precommit(round)), out);
    }
    return false;
  }

  // ---- rounds and votes ----

  private void enterRound(BlockTime now, int next, List<Effect> out) {
    assert next > round : next + " after " + round;
    TimerId repeat = timer(REPEAT);
    for (TimerId id : List.copyOf(armed)) {
      if (!id.equals(repeat)) {
        cancel(id, out);
      }
    }
    round = next;
    isRecovered = false;
    isPrevoted = !voice.isOpen(round, Step.PREVOTE);
    isPrecommitted = !voice.isOpen(round, Step.PRECOMMIT);
    forget();
    deliver(new AgreementNotice.RoundEntered(terms.height(), round), out);
    if (round == 0) {
      return;
    }
    armOnce(PROPOSE, now.plusMillis(timeouts.propose(round)), out);
    if (terms.proposer(round) == me) {
      armOnce(RECOVER, now.plusMillis(timeouts.recover(round)), out);
    }
    insist(out);
  }

  private void forget() {
    book.forgetBefore(round - VoteBook.PAST_ROUNDS);
    offers.headMap(round - 1).clear();
    insists.headMap(round).clear();
    TreeSet<Hash> inUse = pols.values();
    inUse.add(own);
    inUse.add(lock.lockedValue());
    offers.values().forEach(offer -> inUse.add(offer.value()));
    book.allPrevotes().values().forEach(votes -> inUse.addAll(votes.values()));
    qc.ifPresent(cert -> inUse.add(Hash.of(cert.getValue())));
    candidates.retain(inUse);
  }

  /** R4.22: the proposer gets what this validator insists on, the others only hear of the round. */
  private void insist(List<Effect> out) {
    if (me < 0 || voice.isMute()) {
      return;
    }
    NodeId proposer = terms.set().member(terms.proposer(round)).id();
    ReconInsist full =
        files.insist(round).toBuilder().setHeight(terms.height()).setRound(round).build();
    book.noteRound(me, round);
    if (proposer.equals(terms.self())) {
      insists.computeIfAbsent(round, fresh -> new TreeMap<>()).put(terms.self(), full);
    } else {
      voice.send(proposer, recon().setInsist(full).build(), out);
    }
    ReconInsist bare =
        ReconInsist.newBuilder()
            .setHeight(terms.height())
            .setRound(round)
            .setHasLaneNext(full.getHasLaneNext())
            .build();
    List<NodeId> rest =
        terms.set().others(terms.self()).stream().filter(id -> !id.equals(proposer)).toList();
    voice.broadcast(rest, recon().setInsist(bare).build(), out);
  }

  private TreeMap<NodeId, ReconInsist> insistsHere() {
    return insists.getOrDefault(round, new TreeMap<>());
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
            pols.complete(lock.validRound(), lock.validValue()),
            candidates.of(lock.validValue()),
            pols.complete(intent.polRound(), intent.value()));
    book.add(voice.vote(intent, lock, proofs, out));
  }

  /**
   * R4.28: own votes of the last two rounds, own proposal, INSIST, newest POL; and what is missing.
   */
  private void repeat(BlockTime now, List<Effect> out) {
    setTimer(REPEAT, now.plusMillis(Timeouts.REPEAT_MILLIS), out);
    repeatOwn(out);
    if (round > 0) {
      insist(out);
    }
    asked.clear();
    askedTimes++;
    candidates.askAgain();
  }

  private void repeatOwn(List<Effect> out) {
    pols.complete(lock.validRound(), lock.validValue()).ifPresent(pol -> voice.broadcast(pol, out));
    voice.repeatVotes(round, out);
    Offer offer = offers.get(round);
    if (offer != null && terms.proposer(round) == me) {
      voice.say(offer.envelope(), out);
    }
  }

  // ---- missing headers and contents ----

  /** Header and ids of a value, asked for by hash if they are not here (R4.24, R4.26). */
  private Optional<Candidate> require(Hash value, List<Effect> out) {
    Optional<Candidate> candidate = candidates.of(value);
    if (candidate.isEmpty() && asked.add(value)) {
      ReconFetch fetch = ReconFetch.newBuilder().setHeaderHash(value.toByteString()).build();
      voice.broadcast(sources(value), recon().setFetch(fetch).build(), out);
    }
    return candidate;
  }

  private void askContents(Hash value, List<Hash> ids, List<Effect> out) {
    if (!asked.add(value)) {
      return;
    }
    ReconFetch.Builder fetch = ReconFetch.newBuilder();
    ids.stream().limit(FETCH_MAX).forEach(id -> fetch.addIds(id.toByteString()));
    voice.broadcast(sources(value), recon().setFetch(fetch).build(), out);
  }

  /** f+1 of those that voted for or proposed a value, so one honest at least; others next time. */
  private List<NodeId> sources(Hash value) {
    TreeSet<Integer> holders = book.votersOf(value);
    offers.values().stream()
        .filter(offer -> offer.value().equals(value))
        .forEach(offer -> holders.add(terms.proposer(offer.round())));
    holders.remove(me);
    List<NodeId> ids =
        holders.isEmpty()
            ? terms.set().others(terms.self())
            : holders.stream().map(member -> terms.set().member(member).id()).toList();
    List<NodeId> chosen = new ArrayList<>();
    for (int i = 0; i < Math.min(terms.set().faulty() + 1, ids.size()); i++) {
      chosen.add(ids.get((askedTimes + i) % ids.size()));
    }
    return chosen;
  }

  // ---- timers, restart ----

  private void armOnce(String purpose, BlockTime at, List<Effect> out) {
    if (!armed.contains(timer(purpose))) {
      setTimer(purpose, at, out);
    }
  }

  private void setTimer(String purpose, BlockTime at, List<Effect> out) {
    TimerId id = timer(purpose);
    armed.add(id);
    out.add(new Effect.SetTimer(id, at));
  }

  private TimerId timer(String purpose) {
    return new TimerId(purpose, terms.height(), purpose.equals(REPEAT) ? 0 : round);
  }

  private void cancelTimers(List<Effect> out) {
    List.copyOf(armed).forEach(id -> cancel(id, out));
  }

  private void cancel(TimerId id, List<Effect> out) {
    armed.remove(id);
    out.add(new Effect.CancelTimer(id));
  }

  private int current() {
    return Math.max(round, 0);
  }

  private Recon.Builder recon() {
    return Recon.newBuilder().setSlot(terms.slot());
  }

  private void deliver(Notice notice, List<Effect> out) {
    out.add(new Effect.Deliver(notice));
  }

  /** R4.40: after a restart everything signed before is known again, and nothing is signed anew. */
  private void restore(Restored last) {
    last.candidates().forEach(candidates::add);
    last.pols().forEach(pols::add);
    lock = new Lock(last.lockedRound(), last.lockedValue(), last.validRound(), last.validValue());
    voice.recorded(last.validRound());
    last.votes()
        .forEach(envelope -> {
          Hash id = Envelopes.id(terms.chain(), envelope);
          Ballot.of(me, Restored.vote(envelope), id, envelope)
              .ifPresent(ballot -> {
                book.add(ballot);
                voice.remember(ballot);
              });
        });
    last.proposals()
        .forEach(envelope -> {
          Hash id = Envelopes.id(terms.chain(), envelope);
          Offer.of(Restored.proposal(envelope), id, envelope)
              .ifPresent(offer -> {
                candidates.offer(offer.body().getHeader(), offer.body().getIdsList());
                offers.put(offer.round(), offer);
                restoreLockOf(offer);
              });
        });
  }

  /** A proposal of validV shows its POL even if no vote was written since. */
  private void restoreLockOf(Offer offer) {
    if (offer.body().hasPol()) {
      pols.add(offer.body().getPol());
      lock = lock.seen(offer.polRound(), offer.value());
    }
  }
}
