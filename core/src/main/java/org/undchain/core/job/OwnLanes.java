package org.undchain.core.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Ack;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LaneLeaf;
import org.undchain.core.message.LaneRecord;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Stamp;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Writes the own lanes of the open files: takes ids in, sends them in signed batches, and tells
 * those who wait for a stamp (R4.6).
 */
final class OwnLanes {
  private static final long FLUSH_MILLIS = 50;
  private static final int WAITERS_MAX = 16;

  private final Chain chain;
  private final Signer identity;
  private final NodeId self;
  private final OpenSlots slots;
  private final Contents contents;
  private final LongFunction<Optional<Signer>> consensusSigner;
  private final Function<OpenedEntry, List<NodeId>> matchers;
  private final TreeMap<Hash, Set<NodeId>> waiters = new TreeMap<>();
  private final List<OpenedEntry> stamped = new ArrayList<>();

  OwnLanes(
      Chain chain,
      Signer identity,
      OpenSlots slots,
      Contents contents,
      LongFunction<Optional<Signer>> consensusSigner,
      Function<OpenedEntry, List<NodeId>> matchers) {
    this.chain = chain;
    this.identity = identity;
    this.self = identity.id();
    this.slots = slots;
    this.contents = contents;
    this.consensusSigner = consensusSigner;
    this.matchers = matchers;
  }

  /** Entries stamped by this validator since the last call. */
  List<OpenedEntry> drainStamped() {
    List<OpenedEntry> out = List.copyOf(stamped);
    stamped.clear();
    return out;
  }

  Load load() {
    return new Load("entries whose stamp somebody waits for", waiters.size(), OpenFiles.IDS_MAX);
  }

  void forget(Hash id) {
    waiters.remove(id);
  }

  void stamp(
      BlockTime now, JobFile file, OpenedEntry entry, boolean isFirstHand, List<Effect> out) {
    file.touch(entry.id(), now);
    file.own.add(entry.id(), isFirstHand, entry.bodyBytes());
    stamped.add(entry);
    BlockTime cutoff = chain.calendar().cutoffOf(file.slot);
    if (!now.isBefore(cutoff)) {
      flush(now, file, false, out);
    } else {
      BlockTime at = now.plusMillis(FLUSH_MILLIS);
      out.add(
          new Effect.SetTimer(
              TimerId.of(OpenFiles.TIMER_FLUSH, file.slot), at.isBefore(cutoff) ? at : cutoff));
    }
  }

  void awaitAck(NodeId from, Hash id) {
    if (from.equals(self)) {
      return;
    }
    Set<NodeId> waiting = waiters.computeIfAbsent(id, ignored -> new TreeSet<>());
    if (waiting.size() < WAITERS_MAX) {
      waiting.add(from);
    }
  }

  /** Acks an entry to everybody who waits for it. */
  void ackWaiting(JobFile file, Hash id, boolean isFirst, List<Effect> out) {
    Set<NodeId> waiting = waiters.get(id);
    if (waiting != null) {
      ack(file, id, waiting, isFirst, out);
    }
  }

  /** R4.6. The validators of the period go along once. */
  void ack(JobFile file, Hash id, Collection<NodeId> to, boolean isFirst, List<Effect> out) {
    List<Stamp> stamps = file.stampsOf(id);
    if (stamps.isEmpty() || file.own.stamp(id).isEmpty()) {
      return;
    }
    Ack.Builder ack =
        Ack.newBuilder()
            .setEntryId(id.toByteString())
            .setSlot(file.slot)
            .setHeight(slots.heightOf(file.slot))
            .addAllStamps(stamps)
            .setSetHash(file.set.hash().toByteString());
    contents
        .get(id)
        .ifPresent(
            entry -> matchers.apply(entry).forEach(node -> ack.addMatchers(node.toByteString())));
    if (isFirst) {
      ack.setPeriodValidators(file.set.cert());
    }
    long period = chain.calendar().periodOf(file.slot);
    Envelope sealed = Envelopes.sealMessage(chain.context(), identity, period, ack.build());
    to.forEach(peer -> out.add(new Effect.Send(peer, sealed)));
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
    LaneRecord.Builder record = LaneRecord.newBuilder();
    for (LaneLeaf leaf : batch.getLeavesList()) {
      Hash id = Hash.of(leaf.getId());
      OpenedEntry entry = contents.get(id).orElseThrow();
      if (leaf.getFirstHand() || isFull) {
        batch.addContents(entry.envelope());
      } else {
        record.addContents(entry.envelope());
      }
      if (!leaf.getFirstHand() && isFull) {
        addWitnesses(file, id, batch);
      }
    }
    LaneBatch sent = batch.build();
    LaneHeader header = headerOf(sent);
    file.own.sent(sent, header);
    out.add(new Effect.Persist(LogRecord.newBuilder().setLane(record.setBatch(sent)).build()));
    out.add(new Effect.Broadcast(file.set.others(self), slots.plain(file.slot, sent)));
    for (LaneLeaf leaf : sent.getLeavesList()) {
      ackWaiting(file, Hash.of(leaf.getId()), true, out);
    }
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
