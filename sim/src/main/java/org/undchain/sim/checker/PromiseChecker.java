package org.undchain.sim.checker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Block;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Complete;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LaneLeaf;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Recon;
import org.undchain.core.message.SeatState;
import org.undchain.core.message.Start;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * I5: an entry that f + 1 honest validators stamped for a slot is in the file of that slot, and no
 * such slot is skipped, unless the entry was committed before. Stamps are read from the lanes as
 * they leave their owners. A START is ineligible, and so promised nothing, once another one of its
 * contract is on chain; a COMPLETE once its receipt is, or once a payout ended the seat. Of other
 * entries that something may make ineligible meanwhile the scenario says so.
 */
public final class PromiseChecker implements Observer {
  private final ChainContext context;
  private final int enough;
  private final Predicate<NodeId> isGuilty;
  private final TreeMap<Long, Map<Hash, Set<NodeId>>> stamps = new TreeMap<>();
  private final Map<Hash, Long> slotOf = new TreeMap<>();
  private final Set<Hash> excused = new TreeSet<>();
  private final Map<Hash, List<String>> steps = new TreeMap<>();
  private final Set<String> taken = new TreeSet<>();
  private long decidedThrough = -1;
  private long newestHeight;

  /**
   * @param enough f + 1
   */
  public PromiseChecker(ChainContext context, int enough) {
    this(context, enough, node -> false);
  }

  /**
   * @param isGuilty nodes whose stamps promise nothing; what they bring along may still be evidence
   */
  public PromiseChecker(ChainContext context, int enough, Predicate<NodeId> isGuilty) {
    this.context = context;
    this.enough = enough;
    this.isGuilty = isGuilty;
  }

  /** Says that this entry may become ineligible although it is stamped. */
  public void excuse(Hash entryId) {
    excused.add(entryId);
  }

  /** A breach is executed once: what others hand in of it becomes ineligible with that block. */
  private void look(Envelope entry) {
    Hash id = Envelopes.idOrZero(context, entry);
    if (entry.getType() == Entry.EVIDENCE_FIELD_NUMBER) {
      excuse(id);
    } else {
      steps.put(id, steps(entry));
    }
  }

  /** What of a seat an entry does; whatever of it was done before makes the entry ineligible. */
  private List<String> steps(Envelope entry) {
    try {
      return switch (entry.getType()) {
        case Entry.START_FIELD_NUMBER -> {
          Start start = Start.parseFrom(entry.getBody());
          yield List.of("start of " + Envelopes.idOrZero(context, start.getClientContract()));
        }
        case Entry.COMPLETE_FIELD_NUMBER -> {
          Complete complete = Complete.parseFrom(entry.getBody());
          Hash receipt = Hashes.sha256(Bytes.of(complete.getReceipt().getBody()));
          yield List.of(ended(complete.getContractId()), "receipt " + receipt);
        }
        default -> List.of();
      };
    } catch (InvalidProtocolBufferException malformed) {
      return List.of(); // no entry
    }
  }

  private static String ended(ByteString contractId) {
    return "end of " + Bytes.of(contractId).hex();
  }

  /** Promises of f + 1 validators that were kept so far. */
  public long kept() {
    return stamps.headMap(decidedThrough, true).values().stream()
        .flatMap(ids -> ids.values().stream())
        .filter(stampers -> stampers.size() >= enough)
        .count();
  }

  @Override
  public void onSaid(NodeId from, Envelope message) {
    if (message.getKind() != EnvelopeKind.ENVELOPE_KIND_MESSAGE_VALUE) {
      return;
    }
    try {
      if (message.getType() == WireMessage.RECON_FIELD_NUMBER) {
        Recon.parseFrom(message.getBody()).getData().getContentsList().forEach(this::look);
      }
      if (message.getType() != WireMessage.LANE_BATCH_FIELD_NUMBER) {
        return;
      }
      LaneBatch batch = LaneBatch.parseFrom(message.getBody());
      batch.getContentsList().forEach(this::look);
      if (isGuilty.test(from)) {
        return;
      }
      LaneHeader lane = LaneHeader.parseFrom(batch.getHeader().getBody());
      NodeId owner = NodeId.of(lane.getLane());
      if (!owner.equals(from)) {
        return;
      }
      for (LaneLeaf leaf : batch.getLeavesList()) {
        Hash id = Hash.of(leaf.getId());
        Set<NodeId> stampers =
            stamps
                .computeIfAbsent(lane.getSlot(), slot -> new TreeMap<>())
                .computeIfAbsent(id, unseen -> new TreeSet<>());
        stampers.add(owner);
        judge(lane.getSlot(), id, stampers);
      }
    } catch (InvalidProtocolBufferException malformed) {
      if (isGuilty.test(from)) {
        return;
      }
      throw new IllegalStateException("a node sent what cannot be read", malformed);
    }
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (record.hasPayout() && !isGuilty.test(node)) {
      record.getPayout().getFile().getJobsList().stream()
          .flatMap(job -> job.getSeatsList().stream())
          .filter(seat -> seat.getState() != SeatState.SEAT_STATE_STARTED)
          .forEach(seat -> taken.add(ended(seat.getContractId())));
    }
    if (isGuilty.test(node)
        || !record.hasBlock()
        || record.getBlock().getHead().getHeader().getHeight() <= newestHeight) {
      return;
    }
    Block block = record.getBlock();
    Header header = block.getHead().getHeader();
    newestHeight = header.getHeight();
    if (header.getKind() != BlockKind.BLOCK_KIND_NORMAL) {
      return;
    }
    block
        .getEntriesList()
        .forEach(entry -> slotOf.put(Envelopes.id(context, entry), header.getSlot()));
    for (Envelope entry : block.getEntriesList()) {
      steps(entry).stream().filter(step -> !step.startsWith("end")).forEach(taken::add);
    }
    long from = decidedThrough;
    decidedThrough = Math.max(header.getSlot(), header.getNextSlot() - 1);
    stamps
        .subMap(from, false, decidedThrough, true)
        .forEach((slot, ids) -> ids.forEach((id, stampers) -> judge(slot, id, stampers)));
  }

  private void judge(long slot, Hash id, Set<NodeId> stampers) {
    if (slot <= decidedThrough
        && stampers.size() >= enough
        && slotOf.getOrDefault(id, Long.MAX_VALUE) > slot
        && !excused.contains(id)
        && steps.getOrDefault(id, List.of()).stream().noneMatch(taken::contains)) {
      throw new Violation(
          "S5",
          "entry "
              + id
              + " has the stamps of "
              + stampers
              + " for slot "
              + slot
              + " and is in no file up to it, slots are decided through "
              + decidedThrough);
    }
  }
}
