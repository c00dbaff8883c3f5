package org.undchain.sim.checker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S1 (I1) at the wire: for each height all precommits that were ever sent make a quorum for one
 * value only, whether or not anybody came to hold it as a certificate.
 */
public final class QuorumsChecker implements Observer {
  private final Function<NodeId, Optional<NodeId>> ownerOf;
  private final int quorum;
  private final Map<String, Set<NodeId>> voters = new TreeMap<>();
  private final Map<Long, String> decided = new TreeMap<>();

  /**
   * @param ownerOf the validator a consensus key belongs to
   */
  public QuorumsChecker(Function<NodeId, Optional<NodeId>> ownerOf, int quorum) {
    this.ownerOf = ownerOf;
    this.quorum = quorum;
  }

  @Override
  public void onSaid(NodeId from, Envelope message) {
    if (message.getKind() != EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE) {
      return;
    }
    try {
      Vote vote = Vote.parseFrom(message.getBody());
      if (vote.getType() == VoteType.VOTE_TYPE_PRECOMMIT && !vote.getValue().isEmpty()) {
        count(message.getSigner(), vote);
      }
    } catch (InvalidProtocolBufferException lie) {
      return; // of a traitor; it counts for nobody
    }
  }

  private void count(ByteString signer, Vote vote) {
    Optional<NodeId> owner = ownerOf.apply(NodeId.of(signer));
    if (owner.isEmpty()) {
      return;
    }
    String value = Bytes.of(vote.getValue()).hex();
    String place = vote.getEpoch() + " " + vote.getHeight() + ' ' + vote.getRound() + ' ' + value;
    Set<NodeId> signers = voters.computeIfAbsent(place, unseen -> new TreeSet<>());
    if (signers.add(owner.get()) && signers.size() >= quorum) {
      String first = decided.computeIfAbsent(vote.getHeight(), unseen -> value);
      if (!first.equals(value)) {
        throw new Violation(
            "S1", "two quorums at height " + vote.getHeight() + ", the second of " + signers);
      }
    }
  }
}
