package org.undchain.core.consensus;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.consensus.Agreement.Terms;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Cert;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * All that was said at one height and still matters: votes, certificates, proposals, INSISTs and
 * the values they are about. It counts and never acts.
 *
 * <p>Bounded: votes as in {@link VoteBook}, one proposal per round from the one before the current
 * to {@link VoteBook#AHEAD_ROUNDS} after it, one INSIST per member for each of these rounds that is
 * this validator's own.
 */
final class Tally {
  private final Terms terms;
  private final int me;
  private final VoteBook book;
  private final Pols pols = new Pols();
  private final Candidates candidates;
  private final TreeMap<Integer, Offer> offers = new TreeMap<>();
  private final TreeMap<Integer, TreeMap<NodeId, ReconInsist>> insists = new TreeMap<>();
  private Optional<Cert> qc = Optional.empty();
  private Optional<Cert> newestPol = Optional.empty();

  Tally(Terms terms, Candidates candidates) {
    this.terms = terms;
    this.me = terms.set().indexOf(terms.self());
    this.book = new VoteBook(terms.set());
    this.candidates = candidates;
  }

  VoteBook book() {
    return book;
  }

  Pols pols() {
    return pols;
  }

  Candidates candidates() {
    return candidates;
  }

  Optional<Cert> qc() {
    return qc;
  }

  /** The POL of the highest round, complete (validR, validV of R4.25). */
  Optional<Cert> newestPol() {
    return newestPol;
  }

  Optional<Offer> offer(int round) {
    return Optional.ofNullable(offers.get(round));
  }

  /** What was insisted on in a round, by sender. */
  TreeMap<NodeId, ReconInsist> insists(int round) {
    return insists.getOrDefault(round, new TreeMap<>());
  }

  /** Members that voted for or proposed a value. */
  TreeSet<Integer> holdersOf(Hash value) {
    TreeSet<Integer> holders = book.votersOf(value);
    offers.values().stream()
        .filter(offer -> offer.value().equals(value))
        .forEach(offer -> holders.add(terms.proposer(offer.round())));
    return holders;
  }

  Verdict enter(Ballot ballot, int round) {
    if (!VoteBook.isNear(ballot.round(), round)) {
      book.noteRound(ballot.member(), ballot.round());
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    return book.add(ballot) ? Verdict.ACCEPT : new Verdict.Ignore(RejectCode.REJECT_CODE_USED);
  }

  Verdict enter(Offer offer, int round) {
    int proposer = terms.proposer(offer.round());
    book.noteRound(proposer, offer.round());
    Optional<Offer> before = offer(offer.round());
    if (before.isPresent()) {
      if (!before.get().isSameClaim(offer)) {
        NodeId offender = terms.set().member(proposer).id();
        book.convict(
            proposer,
            new Breach.DoubleProposal(offender, before.get().envelope(), offer.envelope()));
      }
      return new Verdict.Ignore(RejectCode.REJECT_CODE_USED);
    }
    if (offer.round() < round || !VoteBook.isNear(offer.round(), round)) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_NOT_VALID_NOW);
    }
    if (!candidates.offer(offer.body().getHeader(), offer.body().getIdsList())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "ids are not those the header commits to");
    }
    offers.put(offer.round(), offer);
    if (offer.body().hasPol()) {
      enter(offer.body().getPol(), round);
    }
    return Verdict.ACCEPT;
  }

  Verdict enter(Cert cert, int round) {
    if (cert.getEpoch() != terms.epoch()
        || cert.getHeight() != terms.height()
        || cert.getSlot() != terms.slot()) {
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
      keep(cert);
      cert.getEarlierList().forEach(earlier -> enterVotes(earlier, round));
    } else {
      qc = Optional.of(cert);
    }
    enterVotes(cert, round);
    return Verdict.ACCEPT;
  }

  void enter(NodeId from, int member, ReconInsist insist, int round) {
    book.noteRound(member, insist.getRound());
    boolean isAhead =
        insist.getRound() >= round && insist.getRound() <= round + VoteBook.AHEAD_ROUNDS;
    if (terms.proposer(insist.getRound()) == me && isAhead) {
      insists
          .computeIfAbsent(insist.getRound(), fresh -> new TreeMap<>())
          .putIfAbsent(from, insist);
    }
  }

  /** Takes a proposal made here, before a restart or now. */
  void enterOwn(Offer offer) {
    candidates.offer(offer.body().getHeader(), offer.body().getIdsList());
    offers.put(offer.round(), offer);
    if (offer.body().hasPol()) {
      keep(offer.body().getPol());
    }
  }

  /** Keeps a POL that is known to be good. */
  void keep(Cert pol) {
    if (pols.add(pol) && newestPol.map(newest -> pol.getRound() > newest.getRound()).orElse(true)) {
      newestPol = pols.complete(pol.getRound(), Hash.of(pol.getValue()));
    }
  }

  /** Counts what came: new POLs, each of which may make later votes count (R4.24a), and the QC. */
  void count() {
    for (var votes : book.allPrevotes().entrySet()) {
      for (Hash value : votes.getValue().values()) {
        if (!pols.holds(votes.getKey(), value)) {
          certificate(votes.getValue().counted(value, pols::counts)).ifPresent(this::keep);
        }
      }
    }
    for (VoteSet votes : book.allPrecommits().values()) {
      for (Hash value : votes.values()) {
        if (qc.isEmpty()) {
          qc = certificate(votes.counted(value));
        }
      }
    }
  }

  /** Forgets what a validator in this round needs no more, but no value that others may ask for. */
  void forgetBefore(int round, List<Hash> inUse) {
    book.forgetBefore(round - VoteBook.PAST_ROUNDS);
    offers.headMap(round - 1).clear();
    insists.headMap(round).clear();
    TreeSet<Hash> values = pols.values();
    values.addAll(inUse);
    offers.values().forEach(offer -> values.add(offer.value()));
    book.allPrevotes().values().forEach(votes -> values.addAll(votes.values()));
    qc.ifPresent(cert -> values.add(Hash.of(cert.getValue())));
    candidates.retain(values);
  }

  void addLoads(List<Load> loads) {
    loads.add(book.load());
    loads.add(pols.load());
    loads.add(new Load("proposals", offers.size(), VoteBook.AHEAD_ROUNDS + 2));
    loads.add(new Load("rounds with INSISTs", insists.size(), VoteBook.AHEAD_ROUNDS + 1));
  }

  /** Takes what was known before a restart. */
  void restore(Restored restored) {
    for (Candidate candidate : restored.candidates()) {
      candidates.add(candidate);
    }
    restored.pols().forEach(this::keep);
    restored.ballots(terms.chain(), me).forEach(book::add);
    restored.offers(terms.chain()).forEach(this::enterOwn);
  }

  private Optional<Cert> certificate(List<Ballot> counted) {
    return counted.size() >= terms.set().quorum()
        ? Optional.of(Certificates.build(terms.epoch(), terms.height(), terms.slot(), counted))
        : Optional.empty();
  }

  /** The votes of a certificate are votes like others: they show rounds, voters and breaches. */
  private void enterVotes(Cert cert, int round) {
    Certificates.ballots(terms.chain(), terms.set(), cert).forEach(ballot -> enter(ballot, round));
  }
}
