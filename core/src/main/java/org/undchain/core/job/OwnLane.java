package org.undchain.core.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.crypto.Signer;
import org.undchain.core.job.LaneHeaders.OpenedHeader;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LaneLeaf;
import org.undchain.core.message.LanePhase;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * This validator's lane of one slot: the hash chain of its signed batches (section 4.2). What is in
 * it is promised, and at the freeze it is the job file this validator votes for.
 */
final class OwnLane {
  private final Chain chain;
  private final NodeId self;
  private final long slot;
  private final List<LaneBatch> batches = new ArrayList<>();
  private final List<LaneLeaf> pending = new ArrayList<>();
  private final LinkedHashMap<Hash, Boolean> ids = new LinkedHashMap<>(); // whether first-hand
  private final LinkedHashMap<Hash, OpenedStamp> stamps = new LinkedHashMap<>();
  private Optional<List<Hash>> ascending = Optional.empty(); // what ids() made of them last
  private RadixTree<Boolean> flushedIds = RadixTree.empty();
  private long firstHandCount;
  private long firstHandBytes;
  private Hash prevHash = Hash.ZERO;
  private boolean isLastSent;
  private boolean isFrozen;

  OwnLane(Chain chain, NodeId self, long slot) {
    this.chain = chain;
    this.self = self;
    this.slot = slot;
  }

  boolean contains(Hash id) {
    return ids.containsKey(id);
  }

  boolean isFirstHand(Hash id) {
    return ids.getOrDefault(id, false);
  }

  /** Ids ascending. */
  List<Hash> ids() {
    if (ascending.isEmpty()) {
      ascending = Optional.of(ids.keySet().stream().sorted().toList());
    }
    return ascending.get();
  }

  int size() {
    return ids.size();
  }

  boolean hasPending() {
    return !pending.isEmpty();
  }

  int pendingCount() {
    return pending.size();
  }

  boolean isLastSent() {
    return isLastSent;
  }

  boolean isFrozen() {
    return isFrozen;
  }

  void freeze() {
    isFrozen = true;
  }

  long firstHandCount() {
    return firstHandCount;
  }

  long firstHandBytes() {
    return firstHandBytes;
  }

  List<LaneBatch> batches() {
    return batches;
  }

  /** Id of the newest signed header; nobody knows it before it is sent. */
  Optional<Hash> newestHeaderId() {
    return batches.isEmpty() ? Optional.empty() : Optional.of(prevHash);
  }

  Optional<OpenedStamp> stamp(Hash id) {
    return Optional.ofNullable(stamps.get(id));
  }

  /** Whether an id is in a batch that left. */
  boolean isSent(Hash id) {
    return stamps.containsKey(id);
  }

  /** (totalCount, setFp) of what was flushed: what others can compare. */
  Summary summary() {
    return new Summary(flushedIds.size(), flushedIds.root());
  }

  /** What two lanes of one slot are compared by. */
  record Summary(long count, Hash setFp) {}

  void add(Hash id, boolean isFirstHand, int bodyBytes) {
    assert !isFrozen && !contains(id) : id;
    ids.put(id, isFirstHand);
    ascending = Optional.empty();
    if (isFirstHand) {
      firstHandCount++;
      firstHandBytes += bodyBytes;
    }
    pending.add(LaneLeaf.newBuilder().setId(id.toByteString()).setFirstHand(isFirstHand).build());
  }

  /** Signs the next batch over at most {@code BATCH_MAX} waiting ids. */
  LaneBatch.Builder flush(Signer signer, boolean isAdmit, boolean isLast) {
    List<LaneLeaf> leaves =
        new ArrayList<>(pending.subList(0, Math.min(pending.size(), OpenFiles.BATCH_MAX)));
    pending.subList(0, leaves.size()).clear();
    for (LaneLeaf leaf : leaves) {
      flushedIds = flushedIds.withMember(Hash.of(leaf.getId()), leaf.getFirstHand());
    }
    LaneHeader.Builder header =
        LaneHeader.newBuilder()
            .setSlot(slot)
            .setLane(self.toByteString())
            .setSeq(batches.size())
            .setPhase(isAdmit ? LanePhase.LANE_PHASE_ADMIT : LanePhase.LANE_PHASE_RECON)
            .setIdsRoot(LaneHeaders.tree(leaves).root().toByteString())
            .setIdCount(leaves.size())
            .setFirstHandCount(firstHandCount)
            .setFirstHandBytes(firstHandBytes)
            .setTotalCount(flushedIds.size())
            .setSetFp(flushedIds.root().toByteString())
            .setLast(isLast || isLastSent);
    if (!batches.isEmpty()) {
      header.setPrevHash(prevHash.toByteString());
    }
    Envelope envelope =
        Envelopes.seal(
            chain.context(),
            signer,
            EnvelopeKind.ENVELOPE_KIND_LANE_HEADER,
            WireMessage.LANE_BATCH_FIELD_NUMBER,
            chain.calendar().periodOf(slot),
            header.build());
    return LaneBatch.newBuilder().setHeader(envelope).addAllLeaves(leaves);
  }

  /** Enters a batch as sent, or as read back from the log. */
  void sent(LaneBatch batch, LaneHeader header) {
    batches.add(batch);
    prevHash = Envelopes.id(chain.context(), batch.getHeader());
    isLastSent |= header.getLast();
    List<LaneLeaf> leaves = batch.getLeavesList();
    OpenedHeader opened = new OpenedHeader(batch.getHeader(), prevHash, header, self);
    OpenedStamp.all(opened, leaves, LaneHeaders.tree(leaves))
        .forEach(stamp -> stamps.put(stamp.entryId(), stamp));
  }

  /** A batch of before a restart: it was signed and stays as it is (R4.40). */
  void restore(LaneBatch batch, LaneHeader header) {
    for (LaneLeaf leaf : batch.getLeavesList()) {
      Hash id = Hash.of(leaf.getId());
      ids.put(id, leaf.getFirstHand());
      flushedIds = flushedIds.withMember(id, leaf.getFirstHand());
    }
    ascending = Optional.empty();
    firstHandCount = header.getFirstHandCount();
    firstHandBytes = header.getFirstHandBytes();
    sent(batch, header);
  }
}
