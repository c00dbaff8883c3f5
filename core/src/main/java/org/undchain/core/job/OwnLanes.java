package org.undchain.core.job;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Signer;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LaneLeaf;
import org.undchain.core.message.LaneRecord;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Writes the own lanes of the open files: takes ids in and sends them in signed batches. */
final class OwnLanes {
  private static final long FLUSH_MILLIS = 50;

  /** Behind the cut-off an addition leaves sooner (section 4.2). */
  private static final long LATE_FLUSH_MILLIS = 5;

  private final Chain chain;
  private final NodeId self;
  private final OpenSlots slots;
  private final Contents contents;
  private final LongFunction<Optional<Signer>> consensusSigner;
  private final Acks acks;
  private final List<OpenedEntry> stamped = new ArrayList<>();

  OwnLanes(
      Chain chain,
      NodeId self,
      OpenSlots slots,
      Contents contents,
      LongFunction<Optional<Signer>> consensusSigner,
      Acks acks) {
    this.chain = chain;
    this.self = self;
    this.slots = slots;
    this.contents = contents;
    this.consensusSigner = consensusSigner;
    this.acks = acks;
  }

  /** Entries stamped by this validator since the last call. */
  List<OpenedEntry> drainStamped() {
    List<OpenedEntry> out = List.copyOf(stamped);
    stamped.clear();
    return out;
  }

  void stamp(
      BlockTime now, JobFile file, OpenedEntry entry, boolean isFirstHand, List<Effect> out) {
    file.touch(entry.id(), now);
    boolean isFirst = !file.own.hasPending();
    file.relays.added(entry.id(), file.known(entry.id()).map(Known::stamps).orElse(List.of()));
    file.own.add(entry.id(), isFirstHand, entry.bodyBytes());
    stamped.add(entry);
    if (file.own.pendingCount() >= OpenFiles.BATCH_MAX) {
      flush(now, file, false, out);
    } else if (isFirst) { // the others go with it: they must not put it off
      out.add(
          new Effect.SetTimer(TimerId.of(OpenFiles.TIMER_FLUSH, file.slot), flushTime(now, file)));
    }
  }

  private BlockTime flushTime(BlockTime now, JobFile file) {
    BlockTime cutoff = chain.calendar().cutoffOf(file.slot);
    if (!now.isBefore(cutoff)) {
      return now.plusMillis(LATE_FLUSH_MILLIS);
    }
    BlockTime at = now.plusMillis(FLUSH_MILLIS);
    return at.isBefore(cutoff) ? at : cutoff;
  }

  void flush(BlockTime now, JobFile file, boolean isLast, List<Effect> out) {
    Optional<Signer> signer = consensusSigner.apply(chain.calendar().periodOf(file.slot));
    if (signer.isEmpty() || !file.set.contains(self) || slots.isClosed(file.slot)) {
      return; // whoever closed a slot signs no lane of it any more (R4.18, R4.41)
    }
    boolean isAdmit =
        now.compareTo(chain.calendar().cutoffOf(file.slot)) <= 0
            || (isLast && !file.own.isLastSent());
    boolean isFirst = true;
    while (file.own.hasPending() || (isLast && isFirst)) {
      isFirst = false;
      boolean isFinal = isLast && !hasMoreThanOneBatch(file);
      send(now, file, file.own.flush(signer.get(), isAdmit, isFinal), out);
    }
  }

  private static boolean hasMoreThanOneBatch(JobFile file) {
    return file.own.pendingCount() > OpenFiles.BATCH_MAX;
  }

  private void send(BlockTime now, JobFile file, LaneBatch.Builder batch, List<Effect> out) {
    BlockTime late =
        chain.calendar().cutoffOf(file.slot).plusMillis(-2 * chain.rules().stageMillis());
    boolean isRelay = !now.isBefore(slots.relayStart(file)) && now.isBefore(slots.voteStart(file));
    if (isRelay) {
      sendFull(now, file, batch, out);
    } else {
      sendBrief(file, batch, out);
    }
    if (now.isBefore(late) || isRelay) { // who lacks something has time to ask, or has got it
      batch.getLeavesList().forEach(leaf -> file.relays.settled(Hash.of(leaf.getId())));
    }
  }

  /** Contents that no other lane brought, and no witnesses: who lacks something asks for it. */
  private void sendBrief(JobFile file, LaneBatch.Builder batch, List<Effect> out) {
    LaneRecord.Builder record = LaneRecord.newBuilder();
    for (LaneLeaf leaf : batch.getLeavesList()) {
      Hash id = Hash.of(leaf.getId());
      Envelope entry = envelope(id);
      if (leaf.getFirstHand() && !isSpread(file, id)) {
        batch.addContents(entry);
        file.relays.settled(id);
      } else {
        record.addContents(entry);
      }
    }
    LaneBatch sent = batch.build();
    keep(file, record.setBatch(sent), out);
    out.add(new Effect.Broadcast(file.set.others(self), slots.plain(file.slot, sent)));
    tellWaiting(file, sent, out);
  }

  /**
   * R4.12a: to each peer the contents and stamps of what its lane does not show; as many stamps,
   * one of them first-hand, as R4.12 asks for now, so that with the own one there are enough a
   * stage later. Peers that lack the same get the same.
   */
  private void sendFull(BlockTime now, JobFile file, LaneBatch.Builder batch, List<Effect> out) {
    LaneBatch bare = batch.build();
    LinkedHashMap<BitSet, List<NodeId>> lacking = new LinkedHashMap<>();
    for (NodeId peer : file.set.others(self)) {
      lacking.computeIfAbsent(lackedBy(file, bare, peer), places -> new ArrayList<>()).add(peer);
    }
    BitSet all = new BitSet();
    all.set(0, bare.getLeavesCount());
    LaneBatch full = with(now, file, bare, all);
    keep(file, LaneRecord.newBuilder().setBatch(full), out);
    lacking.forEach((places, peers) -> {
      LaneBatch theirs = places.equals(all) ? full : with(now, file, bare, places);
      out.add(new Effect.Broadcast(peers, slots.plain(file.slot, theirs)));
    });
    tellWaiting(file, bare, out);
  }

  /** Places of a batch whose ids a peer's lane does not show. */
  private static BitSet lackedBy(JobFile file, LaneBatch batch, NodeId peer) {
    BitSet places = new BitSet();
    for (int i = 0; i < batch.getLeavesCount(); i++) {
      places.set(i, file.relays.isLackedBy(peer, Hash.of(batch.getLeaves(i).getId())));
    }
    return places;
  }

  private LaneBatch with(BlockTime now, JobFile file, LaneBatch bare, BitSet places) {
    LaneBatch.Builder batch = bare.toBuilder();
    List<OpenedStamp> witnesses = new ArrayList<>();
    places.stream()
        .forEach(place -> {
          Hash id = Hash.of(bare.getLeaves(place).getId());
          batch.addContents(envelope(id));
          if (!bare.getLeaves(place).getFirstHand()) {
            witnesses.addAll(file.witnesses(id, slots.stampsNeeded(file, now)));
          }
        });
    return batch.addAllWitness(StampGroups.of(witnesses)).build();
  }

  private Envelope envelope(Hash id) {
    return contents.get(id).orElseThrow().envelope();
  }

  private void keep(JobFile file, LaneRecord.Builder record, List<Effect> out) {
    file.own.sent(record.getBatch(), headerOf(record.getBatch()));
    out.add(new Effect.Persist(LogRecord.newBuilder().setLane(record).build()));
  }

  private void tellWaiting(JobFile file, LaneBatch sent, List<Effect> out) {
    for (LaneLeaf leaf : sent.getLeavesList()) {
      acks.onOwnStamp(file, Hash.of(leaf.getId()), out);
    }
  }

  /**
   * Whether another lane brought the content first-hand. It goes to everybody once; whom its owner
   * kept it from asks the next who stamps it (R4.12a).
   */
  private static boolean isSpread(JobFile file, Hash id) {
    return file.known(id).filter(Known::isStampedFirstHand).isPresent();
  }

  static LaneHeader headerOf(LaneBatch batch) {
    return Canonical.decode(LaneHeader.parser(), Bytes.of(batch.getHeader().getBody()))
        .orElseThrow();
  }
}
