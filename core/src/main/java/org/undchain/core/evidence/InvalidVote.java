package org.undchain.core.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.Header;
import org.undchain.core.message.RadixPaths;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * E5: a vote for a header that no honest validator finds valid (R4.16).
 *
 * <p>Blobs if the file holds an ineligible entry: vote, its header, the entry, the path that shows
 * the entry in the file, then the leaves by which it was not eligible. Blobs if the header is
 * wrong: vote, its header, the header that was decided at this height, then a quorum of precommits
 * for it. Apart from the file and the slot that follows, the parent leaves no choice in a header,
 * so two that differ elsewhere are not both valid.
 */
public final class InvalidVote {
  private static final int LEAVES_FROM = 4;
  private static final int PRECOMMITS_FROM = 3;
  private static final int PRECOMMITS_MAX = 10;

  private InvalidVote() {}

  /** A vote for a file with an entry that was not eligible. */
  public static Evidence ineligible(
      Envelope vote, Header header, Envelope entry, RadixTree.Proof place, List<LeafProof> leaves) {
    Evidence.Builder evidence =
        base(vote, header)
            .addBlobs(Canonical.encode(entry).toByteString())
            .addBlobs(Canonical.encode(RadixPaths.encode(place)).toByteString());
    leaves.forEach(leaf -> evidence.addAllBlobs(leaf.blobs()));
    return evidence.build();
  }

  /** A vote for a header that differs from the decided one where the parent leaves no choice. */
  public static Evidence wrongHeader(
      Envelope vote, Header header, Header decided, List<Envelope> precommits) {
    Evidence.Builder evidence =
        base(vote, header).addBlobs(Canonical.encode(decided).toByteString());
    precommits.forEach(envelope -> evidence.addBlobs(Canonical.encode(envelope).toByteString()));
    return evidence.build();
  }

  private static Evidence.Builder base(Envelope vote, Header header) {
    return Evidence.newBuilder()
        .setCode(Evidences.INVALID_VOTE)
        .addBlobs(Canonical.encode(vote).toByteString())
        .addBlobs(Canonical.encode(header).toByteString());
  }

  static boolean isProven(
      ChainContext chain, SignatureCheck check, OldLedger ledger, Evidence evidence) {
    Optional<Envelope> envelope = Evidences.envelope(evidence, 0);
    Optional<Vote> vote = envelope.flatMap(Evidences::vote);
    Optional<Header> header = Evidences.read(Header.parser(), evidence, 1);
    return vote.isPresent()
        && header.isPresent()
        && vote.get().getType() != VoteType.VOTE_TYPE_UNSPECIFIED
        && Evidences.isFor(vote.get(), header.get())
        && Evidences.isSigned(chain, check, envelope.get())
        && (holdsIneligible(chain, ledger, header.get(), evidence)
            || isWrong(chain, check, ledger, vote.get(), header.get(), evidence));
  }

  private static boolean holdsIneligible(
      ChainContext chain, OldLedger ledger, Header header, Evidence evidence) {
    Optional<Envelope> entry = Evidences.envelope(evidence, 2);
    Optional<RadixTree.Proof> place = LeafProof.path(evidence, 3);
    Optional<List<LeafProof>> leaves = LeafProof.read(evidence, LEAVES_FROM);
    return entry.isPresent()
        && place.isPresent()
        && leaves.isPresent()
        && header.getEntriesRoot().size() == Hash.SIZE
        && place
            .get()
            .showsMember(
                Hash.of(header.getEntriesRoot()), Envelopes.idOrZero(chain, entry.get()), Hash.ZERO)
        && ledger.wasEligible(header, entry.get(), leaves.get()).equals(Optional.of(false));
  }

  private static boolean isWrong(
      ChainContext chain,
      SignatureCheck check,
      OldLedger ledger,
      Vote vote,
      Header header,
      Evidence evidence) {
    Optional<Header> decided = Evidences.read(Header.parser(), evidence, 2);
    return decided.isPresent()
        && vote.getHeight() == decided.get().getHeight()
        && !isSameBase(header, decided.get())
        && ledger.isQuorum(precommitters(chain, check, decided.get(), evidence));
  }

  /** Whether two headers agree wherever the parent leaves no choice (R4.15, R4.18). */
  public static boolean isSameBase(Header one, Header two) {
    return base(one).equals(base(two));
  }

  private static Header base(Header header) {
    return header.toBuilder().clearNextSlot().clearEntriesRoot().clearEntryCount().build();
  }

  private static List<NodeId> precommitters(
      ChainContext chain, SignatureCheck check, Header decided, Evidence evidence) {
    List<NodeId> keys = new ArrayList<>();
    int last = Math.min(evidence.getBlobsCount(), PRECOMMITS_FROM + PRECOMMITS_MAX);
    for (int at = PRECOMMITS_FROM; at < last; at++) {
      Evidences.envelope(evidence, at)
          .filter(envelope ->
              Evidences.vote(envelope).filter(vote -> isPrecommit(vote, decided)).isPresent())
          .filter(envelope -> Evidences.isSigned(chain, check, envelope))
          .ifPresent(envelope -> keys.add(NodeId.of(envelope.getSigner())));
    }
    return keys;
  }

  private static boolean isPrecommit(Vote vote, Header decided) {
    return vote.getType() == VoteType.VOTE_TYPE_PRECOMMIT
        && vote.getHeight() == decided.getHeight()
        && Evidences.isFor(vote, decided);
  }
}
