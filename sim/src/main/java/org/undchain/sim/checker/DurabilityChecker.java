package org.undchain.sim.checker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S4 (I20): at the moment a vote, a proposal or a lane header leaves the node that signed it, the
 * record of it is durable there. Judged at the wire and at the disk, so on every way out, repeats
 * included.
 */
public final class DurabilityChecker implements Observer {
  private final BiPredicate<NodeId, NodeId> isKeyOf;
  private final Map<NodeId, Set<ByteString>> durable = new TreeMap<>();

  /**
   * @param isKeyOf whether the second is a consensus key of the first
   */
  public DurabilityChecker(BiPredicate<NodeId, NodeId> isKeyOf) {
    this.isKeyOf = isKeyOf;
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    switch (record.getRecordCase()) {
      case VOTE -> keep(node, record.getVote().getVote());
      case PROPOSAL -> keep(node, record.getProposal());
      case LANE -> keep(node, record.getLane().getBatch().getHeader());
      default -> {}
    }
  }

  private void keep(NodeId node, Envelope signed) {
    durable.computeIfAbsent(node, id -> new HashSet<>()).add(signed.getBody());
  }

  @Override
  public void onSaid(NodeId from, Envelope message) {
    boolean isVote = message.getKind() == EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE;
    if (isVote || message.getType() == WireMessage.PROPOSAL_FIELD_NUMBER) {
      judge(from, message, isVote ? "vote" : "proposal");
    } else if (message.getType() == WireMessage.LANE_BATCH_FIELD_NUMBER) {
      try {
        judge(from, LaneBatch.parseFrom(message.getBody()).getHeader(), "lane");
      } catch (InvalidProtocolBufferException malformed) {
        throw new Violation("S4", from + " sends a batch that cannot be read");
      }
    }
  }

  private void judge(NodeId from, Envelope signed, String what) {
    boolean isDurable = durable.getOrDefault(from, Set.of()).contains(signed.getBody());
    if (!isDurable && isKeyOf.test(from, NodeId.of(signed.getSigner()))) {
      throw new Violation("S4", from + " sends a " + what + " that no record of it says");
    }
  }
}
