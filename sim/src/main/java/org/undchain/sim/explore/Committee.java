package org.undchain.sim.explore;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.undchain.core.consensus.Agreement;
import org.undchain.core.crypto.Signer;
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
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Signatures;
import org.undchain.sim.World;

/**
 * n validators at one height, and everything that any of them could sign: the checker holds all
 * keys, and signs for whom the schedule needs. What was made once is kept.
 */
final class Committee {
  private static final Signatures SIGNATURES = Signatures.fake();
  private static final ChainContext CHAIN =
      new ChainContext(Values.entry("network"), Values.entry("chain"));
  private static final long PERIOD = 0;

  final int n;
  final Values values;
  final ValidatorSet set;
  private final RunRules rules;
  private final List<Signer> signers;
  private final Map<Envelope, Opened> opened = new HashMap<>();
  private final Map<List<Object>, Opened> votes = new HashMap<>();
  private final Map<List<Object>, Opened> proposals = new HashMap<>();
  private final Map<List<Object>, Cert> certs = new HashMap<>();

  Committee(int n, Values values) {
    this.n = n;
    this.values = values;
    this.rules = World.devnet(SIGNATURES, n, List.of(), 60, 100);
    this.signers =
        IntStream.range(0, n)
            .mapToObj(i -> World.signer(SIGNATURES, "member " + i))
            .sorted((a, b) -> a.id().compareTo(b.id()))
            .toList();
    SetCert.Builder cert = SetCert.newBuilder().setPeriod(PERIOD);
    for (Signer signer : signers) {
      cert.addMembers(
          SetMember.newBuilder()
              .setId(signer.id().toByteString())
              .setConsensusKey(signer.id().toByteString())
              .setBeatTip(Hash.ZERO.toByteString()));
    }
    this.set = ValidatorSet.of(cert.build()).orElseThrow();
  }

  /** f of the protocol: ⌊(n − 1) / 3⌋, computed here, not by the code under test. */
  static int faulty(int n) {
    return (n - 1) / 3;
  }

  /** q = n − f. */
  static int quorum(int n) {
    return n - faulty(n);
  }

  NodeId id(int member) {
    return signers.get(member).id();
  }

  int memberOf(NodeId id) {
    return set.indexOf(id);
  }

  int proposer(int round) {
    return Math.floorMod(Values.HEIGHT + round, n);
  }

  Agreement.Terms terms(int member) {
    return new Agreement.Terms(
        CHAIN,
        SIGNATURES.check(),
        set,
        id(member),
        signers.get(member),
        rules,
        0,
        PERIOD,
        Values.HEIGHT,
        Values.SLOT,
        BlockKind.BLOCK_KIND_NORMAL,
        false);
  }

  Opened open(Envelope envelope) {
    return opened.computeIfAbsent(
        envelope, it -> Envelopes.open(CHAIN, SIGNATURES.check(), it).good().orElseThrow());
  }

  Opened vote(int member, int round, VoteType type, int value, int polRound) {
    return votes.computeIfAbsent(
        List.of(member, round, type, value, polRound),
        place ->
            open(
                Envelopes.seal(
                    CHAIN,
                    signers.get(member),
                    EnvelopeKind.ENVELOPE_KIND_VOTE,
                    WireMessage.VOTE_FIELD_NUMBER,
                    PERIOD,
                    body(round, type, value, polRound))));
  }

  private Vote body(int round, VoteType type, int value, int polRound) {
    return Vote.newBuilder()
        .setHeight(Values.HEIGHT)
        .setSlot(Values.SLOT)
        .setRound(round)
        .setType(type)
        .setPolRoundPlusOne(polRound + 1)
        .setValue(field(value))
        .build();
  }

  private ByteString field(int value) {
    return value == Values.NIL ? ByteString.EMPTY : values.hash(value).toByteString();
  }

  /** A proposal under the proposer's key. */
  Opened proposal(int round, int value, Optional<Cert> pol) {
    return proposals.computeIfAbsent(
        List.of(round, value, pol),
        place -> {
          Proposal.Builder proposal =
              Proposal.newBuilder()
                  .setHeight(Values.HEIGHT)
                  .setRound(round)
                  .setHeader(values.candidate(value).header());
          values.candidate(value).ids().forEach(id -> proposal.addIds(id.toByteString()));
          pol.ifPresent(cert -> proposal.setPol(cert).setPolRoundPlusOne(cert.getRound() + 1));
          return open(
              Envelopes.sealMessage(CHAIN, signers.get(proposer(round)), PERIOD, proposal.build()));
        });
  }

  /**
   * A certificate of the first {@code signatures} members; the last of them names the newest of the
   * earlier POLs, the others none.
   *
   * @param earlier POLs that its votes name, directly or not, bare and ascending
   */
  Cert cert(VoteType type, int round, int value, int signatures, List<Cert> earlier) {
    return certs.computeIfAbsent(
        List.of(type, round, value, signatures, earlier),
        place -> {
          Cert.Builder cert =
              Cert.newBuilder()
                  .setHeight(Values.HEIGHT)
                  .setSlot(Values.SLOT)
                  .setRound(round)
                  .setType(type)
                  .setValue(field(value))
                  .setBitmap((1 << signatures) - 1)
                  .addAllEarlier(earlier);
          for (int member = 0; member < signatures; member++) {
            boolean names = member == signatures - 1 && !earlier.isEmpty();
            int polRound = names ? earlier.getLast().getRound() : -1;
            cert.addSigs(vote(member, round, type, value, polRound).envelope().getSig());
            if (type == VoteType.VOTE_TYPE_PREVOTE) {
              cert.addPolRoundsPlusOne(polRound + 1);
            }
          }
          return cert.build();
        });
  }

  /** The same certificate with one bit of its last signature wrong. */
  Cert spoiled(Cert cert) {
    byte[] sig = cert.getSigs(cert.getSigsCount() - 1).toByteArray();
    sig[sig.length - 1] ^= 1;
    return cert.toBuilder()
        .setSigs(cert.getSigsCount() - 1, Bytes.wrap(sig).toByteString())
        .build();
  }

  Envelope unsigned(int from, Message body) {
    return Envelopes.unsigned(CHAIN, id(from), Envelopes.messageType(body), PERIOD, body);
  }
}
