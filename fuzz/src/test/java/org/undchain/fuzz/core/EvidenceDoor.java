package org.undchain.fuzz.core;

import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.evidence.Evidences;
import org.undchain.core.evidence.LeafProof;
import org.undchain.core.evidence.OldLedger;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.Header;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Town;

/**
 * Proofs of a breach with Ed25519 in a town where one stranger lied: nobody else is ever convicted
 * (S15), whatever the old state is said to have been.
 */
public final class EvidenceDoor implements Door {
  private final Town town = Town.ofReal();
  private final Chain chain = town.chain();
  private final Signer liar = town.story().signer("liar");
  private final OldLedger anything =
      new OldLedger() {
        @Override
        public Optional<Boolean> wasEligible(
            Header header, Envelope entry, List<LeafProof> leaves) {
          return Optional.of(leaves.isEmpty());
        }

        @Override
        public boolean isQuorum(List<NodeId> consensusKeys) {
          return consensusKeys.stream().distinct().count() >= 3;
        }
      };

  @Override
  public boolean enter(byte[] bytes) {
    Optional<Evidence> evidence = Canonical.decode(Evidence.parser(), Bytes.wrap(bytes));
    if (evidence.isEmpty()) {
      return false;
    }
    Door.require(!Evidences.keyOf(evidence.get()).isEmpty(), "evidence without a key");
    boolean isProven =
        Evidences.isProven(chain.context(), chain.signatures(), anything, evidence.get());
    Optional<NodeId> offender = Evidences.offenderKey(evidence.get());
    Door.require(!isProven || offender.equals(Optional.of(liar.id())), "an innocent is convicted");
    return isProven;
  }

  /** The stranger's two votes for one place, and its ignored lock. */
  @Override
  public List<byte[]> honest() {
    Envelope one = vote(VoteType.VOTE_TYPE_PREVOTE, 3, "a");
    Envelope two = vote(VoteType.VOTE_TYPE_PREVOTE, 3, "b");
    Envelope lock = vote(VoteType.VOTE_TYPE_PRECOMMIT, 1, "c");
    return List.of(
        bytes(Evidences.ofPair(Evidences.DOUBLE_VOTE, one, two)),
        bytes(Evidences.ofPair(Evidences.IGNORED_LOCK, lock, two)));
  }

  private Envelope vote(VoteType type, int round, String value) {
    Vote vote =
        Vote.newBuilder()
            .setHeight(5)
            .setRound(round)
            .setType(type)
            .setValue(Hashes.tagged(value).toByteString())
            .build();
    return Envelopes.seal(
        chain.context(),
        liar,
        EnvelopeKind.ENVELOPE_KIND_VOTE,
        WireMessage.VOTE_FIELD_NUMBER,
        0,
        vote);
  }

  private static byte[] bytes(Evidence evidence) {
    return Canonical.encode(evidence).toByteArray();
  }
}
