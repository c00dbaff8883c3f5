package org.undchain.sim.checker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S3 (I3) at the wire: after a precommit for a value an honest validator prevotes another one at
 * that height only by a POL of that round or a later one (E6 is what breaks it).
 */
public final class LockChecker implements Observer {
  private final Predicate<NodeId> isGuilty;
  private final Map<String, List<Vote>> precommits = new TreeMap<>();
  private final Map<String, List<Vote>> prevotes = new TreeMap<>();

  /**
   * @param isGuilty keys of which nothing is promised
   */
  public LockChecker(Predicate<NodeId> isGuilty) {
    this.isGuilty = isGuilty;
  }

  @Override
  public void onSaid(NodeId from, Envelope message) {
    if (message.getKind() != EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE
        || isGuilty.test(NodeId.of(message.getSigner()))) {
      return;
    }
    try {
      Vote vote = Vote.parseFrom(message.getBody());
      if (!vote.getValue().isEmpty()) {
        look(message.getSigner(), vote);
      }
    } catch (InvalidProtocolBufferException malformed) {
      throw new Violation("S3", from + " sends a vote that cannot be read");
    }
  }

  private void look(ByteString signer, Vote vote) {
    String key = Bytes.of(signer).hex() + ' ' + vote.getEpoch() + ' ' + vote.getHeight();
    boolean isPrevote = vote.getType() == VoteType.VOTE_TYPE_PREVOTE;
    List<Vote> own =
        (isPrevote ? prevotes : precommits).computeIfAbsent(key, unseen -> new ArrayList<>());
    if (own.contains(vote)) {
      return;
    }
    own.add(vote);
    for (Vote other : (isPrevote ? precommits : prevotes).getOrDefault(key, List.of())) {
      judge(key, isPrevote ? other : vote, isPrevote ? vote : other);
    }
  }

  private static void judge(String key, Vote precommit, Vote prevote) {
    if (prevote.getRound() > precommit.getRound()
        && !prevote.getValue().equals(precommit.getValue())
        && prevote.getPolRoundPlusOne() - 1 < precommit.getRound()) {
      throw new Violation(
          "S3",
          key
              + " precommitted in round "
              + precommit.getRound()
              + " and prevotes another value in round "
              + prevote.getRound());
    }
  }
}
