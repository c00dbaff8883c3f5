package org.undchain.sim.checker;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.ledger.Execution;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Status;
import org.undchain.core.message.WireMessage;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S23: what an honest node tells its users of blocks only ever grows by one, and what it tells
 * clients as committed is, at that height and with that result.
 */
public final class TellingChecker implements Observer {
  private final Map<NodeId, Long> heights = new TreeMap<>();
  private final Map<Hash, Told> committed = new TreeMap<>();

  private record Told(long height, EntryResult result) {}

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    switch (notice) {
      case ValidatorNotice.Began began -> heights.put(node, began.height());
      case ValidatorNotice.BlockCommitted block -> {
        long height = block.block().header().getHeight();
        long before = heights.getOrDefault(node, 0L);
        if (height != before + 1) {
          throw new Violation("S23", node + " tells of block " + height + " after " + before);
        }
        heights.put(node, height);
        for (Execution.Result result : block.block().results()) {
          committed.putIfAbsent(result.id(), new Told(height, result.result()));
        }
      }
      default -> {}
    }
  }

  @Override
  public void onSaid(NodeId from, Envelope message) {
    if (message.getType() != WireMessage.STATUS_FIELD_NUMBER
        || message.getKind() != EnvelopeKind.ENVELOPE_KIND_MESSAGE_VALUE) {
      return;
    }
    try {
      Status status = Status.parseFrom(message.getBody());
      Told told = new Told(status.getHeight(), status.getResult());
      if (!told.equals(committed.get(Hash.of(status.getEntryId())))) {
        throw new Violation("S23", from + " tells " + status + " but it is not so");
      }
    } catch (InvalidProtocolBufferException malformed) {
      throw new Violation("S23", from + " sends a status that cannot be read");
    }
  }
}
