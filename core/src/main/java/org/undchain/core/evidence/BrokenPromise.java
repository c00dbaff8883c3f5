package org.undchain.core.evidence;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.Header;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.RadixPaths;
import org.undchain.core.message.Stamp;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * E4: a stamp, and a prevote without POL that breaks it.
 *
 * <p>Blobs of a skip: stamp, stamped id, vote, header of an earlier slot whose nextSlot lies behind
 * the stamped one. Blobs of an omission: stamp, stamped entry, vote, header of the stamped slot,
 * the path that shows the entry is not in it, then the leaves by which it was eligible.
 */
public final class BrokenPromise {
  private static final int SKIP_BLOBS = 4;
  private static final int LEAVES_FROM = 5;
  private static final int PATH_MAX = 32;

  private BrokenPromise() {}

  /** A stamp for a slot that the signer then voted to skip. */
  public static Evidence skipped(Stamp stamp, Hash id, Envelope vote, Header header) {
    return base(stamp, id.toByteString(), vote, header).build();
  }

  /** A stamp for an eligible entry that the file its signer then voted for lacks. */
  public static Evidence omitted(
      Stamp stamp,
      Envelope entry,
      Envelope vote,
      Header header,
      RadixTree.Proof absence,
      List<LeafProof> leaves) {
    Evidence.Builder evidence =
        base(stamp, Canonical.encode(entry).toByteString(), vote, header)
            .addBlobs(Canonical.encode(RadixPaths.encode(absence)).toByteString());
    leaves.forEach(leaf -> evidence.addAllBlobs(leaf.blobs()));
    return evidence.build();
  }

  private static Evidence.Builder base(
      Stamp stamp, ByteString stamped, Envelope vote, Header header) {
    return Evidence.newBuilder()
        .setCode(Evidences.BROKEN_PROMISE)
        .addBlobs(Canonical.encode(stamp).toByteString())
        .addBlobs(stamped)
        .addBlobs(Canonical.encode(vote).toByteString())
        .addBlobs(Canonical.encode(header).toByteString());
  }

  static boolean isProven(
      ChainContext chain, SignatureCheck check, OldLedger ledger, Evidence evidence) {
    Optional<Stamp> stamp = Evidences.read(Stamp.parser(), evidence, 0);
    Optional<Envelope> vote = Evidences.envelope(evidence, 2);
    Optional<Header> header = Evidences.read(Header.parser(), evidence, 3);
    if (stamp.isEmpty() || vote.isEmpty() || header.isEmpty()) {
      return false;
    }
    return stamp.get().getHeader().getSigner().equals(vote.get().getSigner())
        && isFirstPrevote(vote.get(), header.get())
        && Evidences.isSigned(chain, check, stamp.get().getHeader())
        && Evidences.isSigned(chain, check, vote.get())
        && (evidence.getBlobsCount() == SKIP_BLOBS
            ? isSkip(stamp.get(), header.get(), evidence)
            : isOmission(chain, ledger, stamp.get(), header.get(), evidence));
  }

  private static boolean isSkip(Stamp stamp, Header header, Evidence evidence) {
    Optional<LaneHeader> lane = Evidences.lane(stamp.getHeader());
    return evidence.getBlobs(1).size() == Hash.SIZE
        && lane.isPresent()
        && isStamped(stamp, lane.get(), Hash.of(evidence.getBlobs(1)))
        && header.getSlot() < lane.get().getSlot()
        && header.getNextSlot() > lane.get().getSlot();
  }

  private static boolean isOmission(
      ChainContext chain, OldLedger ledger, Stamp stamp, Header header, Evidence evidence) {
    Optional<LaneHeader> lane = Evidences.lane(stamp.getHeader());
    Optional<Envelope> entry = Evidences.envelope(evidence, 1);
    Optional<RadixTree.Proof> absence = LeafProof.path(evidence, 4);
    Optional<List<LeafProof>> leaves = LeafProof.read(evidence, LEAVES_FROM);
    if (lane.isEmpty()
        || entry.isEmpty()
        || absence.isEmpty()
        || leaves.isEmpty()
        || header.getEntriesRoot().size() != Hash.SIZE) {
      return false;
    }
    Hash id = Envelopes.idOrZero(chain, entry.get());
    return header.getSlot() == lane.get().getSlot()
        && isStamped(stamp, lane.get(), id)
        && absence.get().showsAbsent(Hash.of(header.getEntriesRoot()), id)
        && ledger.wasEligible(header, entry.get(), leaves.get()).equals(Optional.of(true));
  }

  static Optional<Evidences.Place> place(Evidence evidence) {
    return Evidences.read(Stamp.parser(), evidence, 0)
        .filter(stamp -> stamp.getHeader().getSigner().size() == NodeId.SIZE)
        .flatMap(stamp ->
            Evidences.lane(stamp.getHeader())
                .map(lane ->
                    new Evidences.Place(
                        NodeId.of(stamp.getHeader().getSigner()), 0, lane.getSlot(), 0)));
  }

  /** A prevote that names no POL: only such a one stands for the voter's own file (R4.23). */
  private static boolean isFirstPrevote(Envelope envelope, Header header) {
    Optional<Vote> vote = Evidences.vote(envelope);
    return vote.isPresent()
        && vote.get().getType() == VoteType.VOTE_TYPE_PREVOTE
        && vote.get().getPolRoundPlusOne() == 0
        && header.getKind() == BlockKind.BLOCK_KIND_NORMAL
        && Evidences.isFor(vote.get(), header);
  }

  private static boolean isStamped(Stamp stamp, LaneHeader lane, Hash id) {
    if (lane.getIdsRoot().size() != Hash.SIZE || stamp.getPathCount() > PATH_MAX) {
      return false;
    }
    List<Hash> path = new ArrayList<>();
    for (ByteString hash : stamp.getPathList()) {
      if (hash.size() != Hash.SIZE) {
        return false;
      }
      path.add(Hash.of(hash));
    }
    byte[] leaf = new byte[Hash.SIZE + 1];
    System.arraycopy(id.bytes().unsafeArray(), 0, leaf, 0, Hash.SIZE);
    leaf[Hash.SIZE] = (byte) (stamp.getFirstHand() ? 1 : 0);
    return MerkleList.verify(
        Hash.of(lane.getIdsRoot()), Bytes.wrap(leaf), stamp.getIndex(), lane.getIdCount(), path);
  }
}
