package org.undchain.core.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SetMember;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** n validators at one height, and everything any of them could sign. */
final class Committee {
  static final long HEIGHT = 7;
  static final long PERIOD = 3;
  static final ChainContext CHAIN =
      new ChainContext(ToyFiles.entry("network"), ToyFiles.entry("chain"));

  final int n;
  final ValidatorSet set;

  Committee(int n) {
    this.n = n;
    SetCert.Builder cert = SetCert.newBuilder().setPeriod(PERIOD);
    for (int i = 0; i < n; i++) {
      cert.addMembers(
          SetMember.newBuilder()
              .setId(ToyKeys.id(i).toByteString())
              .setConsensusKey(key(i).toByteString())
              .setValidatorClass(ValidatorClass.VALIDATOR_CLASS_UNKNOWN)
              .setBeatTip(Hash.ZERO.toByteString()));
    }
    this.set = ValidatorSet.of(cert.build()).orElseThrow();
  }

  static NodeId key(int member) {
    return ToyKeys.id(member + 50);
  }

  Agreement.Terms terms(int member) {
    return terms(member, BlockKind.BLOCK_KIND_NORMAL, false);
  }

  Agreement.Terms terms(int member, BlockKind kind, boolean mute) {
    return new Agreement.Terms(
        CHAIN,
        ToyKeys.CHECK,
        set,
        ToyKeys.id(member),
        ToyKeys.signer(key(member)),
        rules(n),
        0,
        PERIOD,
        HEIGHT,
        ToyFiles.SLOT,
        kind,
        mute);
  }

  /** The proposer of a round. */
  int proposer(int round) {
    return terms(0).proposer(round);
  }

  Opened prevote(int member, int round, Hash value) {
    return prevote(member, round, value, -1);
  }

  Opened prevote(int member, int round, Hash value, int polRound) {
    return vote(member, round, VoteType.VOTE_TYPE_PREVOTE, value, polRound);
  }

  Opened precommit(int member, int round, Hash value) {
    return vote(member, round, VoteType.VOTE_TYPE_PRECOMMIT, value, -1);
  }

  Opened vote(int member, int round, VoteType type, Hash value, int polRound) {
    return vote(
        member,
        Vote.newBuilder()
            .setHeight(HEIGHT)
            .setSlot(ToyFiles.SLOT)
            .setRound(round)
            .setType(type)
            .setPolRoundPlusOne(polRound + 1)
            .setValue(Ballot.field(value))
            .build());
  }

  Opened vote(int member, Vote vote) {
    return open(
        Envelopes.seal(
            CHAIN,
            ToyKeys.signer(key(member)),
            EnvelopeKind.ENVELOPE_KIND_VOTE,
            WireMessage.VOTE_FIELD_NUMBER,
            PERIOD,
            vote));
  }

  /** A POL of these members with polRound −1. */
  Cert pol(int round, Hash value, int... members) {
    return cert(VoteType.VOTE_TYPE_PREVOTE, round, value, members);
  }

  Cert qc(int round, Hash value, int... members) {
    return cert(VoteType.VOTE_TYPE_PRECOMMIT, round, value, members);
  }

  private Cert cert(VoteType type, int round, Hash value, int... members) {
    List<Ballot> ballots = new ArrayList<>();
    for (int member : java.util.Arrays.stream(members).sorted().toArray()) {
      ballots.add(ballot(member, vote(member, round, type, value, -1)));
    }
    return Certificates.build(0, HEIGHT, ToyFiles.SLOT, ballots);
  }

  static Ballot ballot(int member, Opened vote) {
    return Ballot.of(member, vote.body().getVote(), vote.id(), vote.envelope()).orElseThrow();
  }

  Opened proposal(int round, Candidate candidate) {
    return proposal(proposer(round), round, candidate, Optional.empty());
  }

  Opened proposal(int signer, int round, Candidate candidate, Optional<Cert> pol) {
    Proposal.Builder proposal =
        Proposal.newBuilder().setHeight(HEIGHT).setRound(round).setHeader(candidate.header());
    candidate.ids().forEach(id -> proposal.addIds(id.toByteString()));
    pol.ifPresent(cert -> proposal.setPol(cert).setPolRoundPlusOne(cert.getRound() + 1));
    return open(
        Envelopes.sealMessage(CHAIN, ToyKeys.signer(key(signer)), PERIOD, proposal.build()));
  }

  static Opened open(Envelope envelope) {
    return Envelopes.open(CHAIN, ToyKeys.CHECK, envelope).good().orElseThrow();
  }

  static RunRules rules(int n) {
    return new RunRules(
        Hash.ZERO,
        ToyKeys.id(90),
        true,
        1,
        4000,
        240,
        100,
        n,
        0,
        List.of(),
        1024,
        1 << 20,
        8192,
        16,
        300,
        1000,
        400,
        1000,
        10,
        100,
        1000,
        2000,
        10_000,
        16,
        100,
        1000,
        1000,
        3000,
        1000,
        1000,
        0);
  }
}
