package org.undchain.core.job;

import java.util.ArrayList;
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
    boolean isFull = !now.isBefore(late);
    LaneBatch.Builder brief = batch.clone(); // for whose lane shows all that is not first-hand
    LaneRecord.Builder record = LaneRecord.newBuilder();
    for (LaneLeaf leaf : batch.getLeavesList()) {
      Hash id = Hash.of(leaf.getId());
      Envelope entry = contents.get(id).orElseThrow().envelope();
      boolean isOwn = leaf.getFirstHand() && (isFull || !isSpread(file, id));
      if (isOwn) {
        brief.addContents(entry);
      }
      if (isOwn || isFull) {
        batch.addContents(entry);
      } else {
        record.addContents(entry);
      }
      if (!leaf.getFirstHand() && isFull) {
        addWitnesses(file, id, batch);
      }
    }
    LaneBatch sent = batch.build();
    LaneHeader header = headerOf(sent);
    file.own.sent(sent, header);
    out.add(new Effect.Persist(LogRecord.newBuilder().setLane(record.setBatch(sent)).build()));
    if (isFull) {
      broadcast(file, sent, brief.build(), out);
    } else { // the two are the same before
      out.add(new Effect.Broadcast(file.set.others(self), slots.plain(file.slot, sent)));
    }
    for (LaneLeaf leaf : sent.getLeavesList()) {
      acks.onOwnStamp(file, Hash.of(leaf.getId()), out);
    }
  }

  private void broadcast(JobFile file, LaneBatch full, LaneBatch brief, List<Effect> out) {
    List<NodeId> lacking = new ArrayList<>();
    List<NodeId> knowing = new ArrayList<>();
    for (NodeId peer : file.set.others(self)) {
      boolean showsAll =
          full.getLeavesList().stream()
              .allMatch(leaf -> leaf.getFirstHand() || file.isShownBy(peer, Hash.of(leaf.getId())));
      (showsAll ? knowing : lacking).add(peer);
    }
    if (!lacking.isEmpty()) {
      out.add(new Effect.Broadcast(lacking, slots.plain(file.slot, full)));
    }
    if (!knowing.isEmpty()) {
      out.add(new Effect.Broadcast(knowing, slots.plain(file.slot, brief)));
    }
  }

  /**
   * Whether another lane brought the content first-hand. It goes to everybody once; whom its owner
   * kept it from asks the next who stamps it (R4.12a).
   */
  private static boolean isSpread(JobFile file, Hash id) {
    return file.known(id)
        .filter(known -> known.stamps.values().stream().anyMatch(OpenedStamp::isFirstHand))
        .isPresent();
  }

  /**
   * R4.12a: the stamps by which an id was added go along, as many as the next stage will ask for.
   */
  private static void addWitnesses(JobFile file, Hash id, LaneBatch.Builder batch) {
    file.known(id)
        .ifPresent(known ->
            known.stamps.values().stream()
                .limit(file.set.faulty() + 1)
                .forEach(
                    stamp -> batch.addWitness(stamp.stamp()).addWitnessIds(id.toByteString())));
  }

  static LaneHeader headerOf(LaneBatch batch) {
    return Canonical.decode(LaneHeader.parser(), Bytes.of(batch.getHeader().getBody()))
        .orElseThrow();
  }
}
