package org.undchain.core.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.Header;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.Stamp;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * E4, the part that needs no eligibility: a stamp for slot x, and a prevote without POL for a
 * header of an earlier slot whose nextSlot jumps over x. Blobs: Stamp, stamped id, vote envelope,
 * Header.
 */
final class BrokenPromise {
  private BrokenPromise() {}

  static boolean isProven(ChainContext chain, SignatureCheck check, Evidence evidence) {
    if (evidence.getBlobsCount() != 4 || evidence.getBlobs(1).size() != Hash.SIZE) {
      return false;
    }
    Optional<Stamp> stamp = Canonical.decode(Stamp.parser(), Bytes.of(evidence.getBlobs(0)));
    Optional<Envelope> voteEnvelope = Evidences.envelope(evidence, 2);
    Optional<Header> header = Canonical.decode(Header.parser(), Bytes.of(evidence.getBlobs(3)));
    if (stamp.isEmpty() || voteEnvelope.isEmpty() || header.isEmpty()) {
      return false;
    }
    Optional<LaneHeader> lane = Evidences.lane(stamp.get().getHeader());
    Optional<Vote> vote = Evidences.vote(voteEnvelope.get());
    return lane.isPresent()
        && vote.isPresent()
        && stamp.get().getHeader().getSigner().equals(voteEnvelope.get().getSigner())
        && Evidences.isSigned(chain, check, stamp.get().getHeader())
        && Evidences.isSigned(chain, check, voteEnvelope.get())
        && isStamped(stamp.get(), lane.get(), Hash.of(evidence.getBlobs(1)))
        && isVoteFor(vote.get(), header.get())
        && header.get().getKind() == BlockKind.BLOCK_KIND_NORMAL
        && header.get().getSlot() < lane.get().getSlot()
        && header.get().getNextSlot() > lane.get().getSlot();
  }

  static Optional<Evidences.Place> place(Evidence evidence) {
    return evidence.getBlobsCount() == 0
        ? Optional.empty()
        : Canonical.decode(Stamp.parser(), Bytes.of(evidence.getBlobs(0)))
            .filter(stamp -> stamp.getHeader().getSigner().size() == NodeId.SIZE)
            .flatMap(stamp ->
                Evidences.lane(stamp.getHeader())
                    .map(lane ->
                        new Evidences.Place(
                            NodeId.of(stamp.getHeader().getSigner()), 0, lane.getSlot(), 0)));
  }

  private static boolean isVoteFor(Vote vote, Header header) {
    return vote.getType() == VoteType.VOTE_TYPE_PREVOTE
        && vote.getPolRoundPlusOne() == 0
        && vote.getValue().equals(Hashes.sha256(Canonical.encode(header)).toByteString());
  }

  private static boolean isStamped(Stamp stamp, LaneHeader lane, Hash id) {
    List<Hash> path = new ArrayList<>();
    for (var hash : stamp.getPathList()) {
      if (hash.size() != Hash.SIZE || path.size() == 32) {
        return false;
      }
      path.add(Hash.of(hash));
    }
    byte[] leaf = new byte[33];
    System.arraycopy(id.bytes().unsafeArray(), 0, leaf, 0, 32);
    leaf[32] = (byte) (stamp.getFirstHand() ? 1 : 0);
    return lane.getIdsRoot().size() == Hash.SIZE
        && MerkleList.verify(
            Hash.of(lane.getIdsRoot()),
            Bytes.wrap(leaf),
            stamp.getIndex(),
            lane.getIdCount(),
            path);
  }
}
