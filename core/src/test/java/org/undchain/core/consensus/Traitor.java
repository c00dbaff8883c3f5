package org.undchain.core.consensus;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;

/**
 * A validator that sees every message the moment it is sent and tells each peer something else:
 * votes for other values, invented POL rounds, two proposals, real POLs and QCs shown to one only.
 */
final class Traitor {
  private final Net net;
  private final int member;
  private final List<Candidate> candidates;
  private final TreeMap<String, TreeMap<Integer, Ballot>> votes = new TreeMap<>();
  private int round;

  Traitor(Net net, int member, List<Candidate> candidates) {
    this.net = net;
    this.member = member;
    this.candidates = new ArrayList<>(candidates);
  }

  void see(Opened opened) {
    WireMessage body = opened.body();
    if (body.hasVote()) {
      int voter = net.committee.set.indexOfConsensusKey(opened.signer());
      Ballot ballot = Committee.ballot(voter, opened);
      round = Math.max(round, ballot.round());
      keep(ballot);
    } else if (body.hasProposal() && candidates.size() < 12) {
      List<Hash> ids = body.getProposal().getIdsList().stream().map(Hash::of).toList();
      candidates.add(new Candidate(body.getProposal().getHeader(), ids));
    }
    if (net.random.nextInt(3) == 0) {
      act();
    }
  }

  private void act() {
    for (Net.Node victim : net.honest.values()) {
      switch (net.random.nextInt(6)) {
        case 0, 1 -> lie(victim, randomVote());
        case 2 -> lie(victim, follow(victim));
        case 3 -> certificate().ifPresent(cert -> show(victim, cert));
        case 4 -> propose(victim);
        default -> {}
      }
    }
  }

  private void keep(Ballot ballot) {
    String place = ballot.type() + "/" + ballot.round() + "/" + ballot.value().hex();
    votes.computeIfAbsent(place, fresh -> new TreeMap<>()).putIfAbsent(ballot.member(), ballot);
  }

  private Opened randomVote() {
    int at = Math.max(0, round - 1 + net.random.nextInt(3));
    boolean isPrevote = net.random.nextBoolean();
    Hash value = net.random.nextInt(4) == 0 ? Ballot.NIL : Bench.value(any());
    boolean named = isPrevote && !value.equals(Ballot.NIL) && at > 0 && net.random.nextInt(3) == 0;
    int polRound = named ? net.random.nextInt(at) : Ballot.NO_ROUND;
    return net.committee.vote(
        member,
        at,
        isPrevote ? VoteType.VOTE_TYPE_PREVOTE : VoteType.VOTE_TYPE_PRECOMMIT,
        value,
        polRound);
  }

  /** Agrees with one victim only: repeats its newest vote in the own name. */
  private Opened follow(Net.Node victim) {
    Opened found = randomVote();
    for (Opened vote : net.votesOnTheWire) {
      if (net.committee.set.indexOfConsensusKey(vote.signer()) == victim.member) {
        found = net.committee.vote(member, vote.body().getVote());
      }
    }
    return found;
  }

  /** A certificate from votes that honest validators really gave, completed by the own. */
  private Optional<Cert> certificate() {
    for (TreeMap<Integer, Ballot> place : votes.values()) {
      Ballot sample = place.firstEntry().getValue();
      if (sample.isNil() || net.random.nextBoolean()) {
        continue;
      }
      TreeMap<Integer, Ballot> all = new TreeMap<>(place);
      for (Traitor traitor : net.traitors) {
        all.putIfAbsent(
            traitor.member,
            Committee.ballot(
                traitor.member,
                net.committee.vote(
                    traitor.member, sample.round(), sample.type(), sample.value(), -1)));
      }
      all.values().removeIf(ballot -> ballot.polRound() != Ballot.NO_ROUND);
      if (all.size() >= net.committee.set.quorum()) {
        return Optional.of(
            Certificates.build(0, Committee.HEIGHT, ToyFiles.SLOT, List.copyOf(all.values())));
      }
    }
    return Optional.empty();
  }

  private void propose(Net.Node victim) {
    int at = Math.max(1, round + net.random.nextInt(2));
    if (net.committee.proposer(at) == member) {
      Optional<Cert> pol = certificate().filter(cert -> cert.getRound() < at);
      Optional<Candidate> match =
          pol.flatMap(cert ->
              candidates.stream()
                  .filter(it -> Bench.value(it).toByteString().equals(cert.getValue()))
                  .findFirst());
      boolean isPol = match.isPresent() && pol.get().getType() == VoteType.VOTE_TYPE_PREVOTE;
      lie(
          victim,
          isPol
              ? net.committee.proposal(member, at, match.get(), pol)
              : net.committee.proposal(member, at, any(), Optional.empty()));
    }
  }

  private Candidate any() {
    return candidates.get(net.random.nextInt(candidates.size()));
  }

  private void show(Net.Node victim, Message message) {
    Envelope envelope =
        Envelopes.unsigned(
            Committee.CHAIN,
            ToyKeys.id(member),
            Envelopes.messageType(message),
            Committee.PERIOD,
            message);
    net.at(net.now + 1, () -> victim.receive(ToyKeys.id(member), envelope));
  }

  private void lie(Net.Node victim, Opened message) {
    net.at(net.now + 1, () -> victim.receive(ToyKeys.id(member), message.envelope()));
  }
}
