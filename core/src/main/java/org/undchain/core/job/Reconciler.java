package org.undchain.core.job;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Recon;
import org.undchain.core.message.ReconCursors;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.ReconFetch;
import org.undchain.core.message.ReconSketch;
import org.undchain.core.reconciliation.SaltedIds;
import org.undchain.core.reconciliation.Sketch;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The ladder by which two validators make their lanes of one slot equal after the cut-off (R4.13):
 * cursors and what is missing of each lane; where that does not do, a sketch of the ids; contents
 * with their stamps. Every step is correct and safety rests on none: what arrives is judged by the
 * stage rule like anything else.
 */
final class Reconciler {
  /** Ids asked for in one message. */
  static final int FETCH_MAX = 512;

  /** Batches sent in answer to one message. */
  private static final int REPLAY_BATCHES_MAX = 64;

  /** Messages that ask for what one sketch showed. */
  private static final int FETCHES_MAX = 16;

  /** The cursor of a lane of which nothing is asked for. */
  private static final long NOTHING_WANTED = Long.MAX_VALUE;

  /**
   * Contents of one message: with one more, and its stamps, it stays below what a body may have.
   */
  private static final int DATA_BYTES_MAX = 2 << 20;

  private final NodeId self;
  private final Contents contents;
  private final BiFunction<Long, Message, Envelope> seal;

  /**
   * @param seal the envelope of a message about a slot
   */
  Reconciler(NodeId self, Contents contents, BiFunction<Long, Message, Envelope> seal) {
    this.self = self;
    this.contents = contents;
    this.seal = seal;
  }

  // --- step 1: cursors
  // ----------------------------------------------------------------------------

  /** Says how far every lane is known here, to one who sent a batch out of order. */
  void sendCursors(JobFile file, NodeId to, List<Effect> out) {
    out.add(new Effect.Send(to, sealed(file.slot, cursors(file, file.set.ids()))));
  }

  /**
   * D/2 after the cut-off: each whose lane still differs is asked for the rest of it. If everybody
   * were asked for every lane, then who is a little late would get all of it n − 1 times.
   *
   * @param since lanes of which something came later are still on their way
   */
  void askOwners(JobFile file, BlockTime since, List<Effect> out) {
    List<NodeId> silent =
        different(file).stream()
            .filter(owner -> file.lane(owner).filter(lane -> lane.isFlowing(since)).isEmpty())
            .toList();
    for (NodeId owner : silent) {
      out.add(new Effect.Send(owner, sealed(file.slot, cursors(file, List.of(owner)))));
    }
  }

  /** A stage later: everybody whose lane still differs is asked for what owners did not give. */
  private void askEverybody(JobFile file, List<NodeId> different, List<Effect> out) {
    if (!different.isEmpty()) {
      out.add(new Effect.Broadcast(different, sealed(file.slot, cursors(file, different))));
    }
  }

  /** How far these lanes are known; nothing is wanted of the others. */
  private static Recon.Builder cursors(JobFile file, List<NodeId> wanted) {
    ReconCursors.Builder cursors = ReconCursors.newBuilder();
    for (NodeId member : file.set.ids()) {
      cursors.addNextSeq(
          file.lane(member)
              .filter(lane -> wanted.contains(member))
              .map(ForeignLane::nextSeq)
              .orElse(NOTHING_WANTED));
    }
    return Recon.newBuilder().setCursors(cursors);
  }

  void answerCursors(JobFile file, NodeId from, ReconCursors cursors, List<Effect> out) {
    List<NodeId> members = file.set.ids();
    if (cursors.getNextSeqCount() != members.size()) {
      return;
    }
    int sent = 0;
    for (int i = 0; i < members.size(); i++) {
      NodeId owner = members.get(i);
      List<LaneBatch> batches =
          owner.equals(self)
              ? file.own.batches()
              : file.lane(owner).map(ForeignLane::batches).orElse(List.of());
      long first = Math.max(0, cursors.getNextSeq(i));
      for (long seq = first;
          seq < batches.size() && sent < REPLAY_BATCHES_MAX && !owner.equals(from);
          seq++) {
        out.add(new Effect.Send(from, seal.apply(file.slot, batches.get((int) seq))));
        sent++;
      }
    }
  }

  // --- step 2: sketches
  // ---------------------------------------------------------------------------

  /**
   * A stage later: one sketch for all whose lane still differs. Of each pair the lower id sends it;
   * the other asks for what it lacks and gives what the sender lacks.
   */
  void sendSketch(JobFile file, List<Effect> out) {
    List<NodeId> different = different(file);
    askEverybody(file, different, out);
    List<NodeId> receivers = different.stream().filter(other -> self.compareTo(other) < 0).toList();
    Optional<Bytes> salt = file.own.newestHeaderId().map(Hash::bytes);
    if (receivers.isEmpty() || salt.isEmpty()) {
      return;
    }
    long estimate = receivers.stream().mapToLong(other -> estimate(file, other)).max().orElse(0);
    SaltedIds ids = new SaltedIds(salt.get(), file.own.ids());
    file.sketched(ids);
    Recon.Builder sketch = Recon.newBuilder().setSketch(Sketch.of(ids, estimate));
    out.add(new Effect.Broadcast(receivers, sealed(file.slot, sketch)));
  }

  /**
   * By how many ids another's lane differs from the own one, as far as its headers and stamps say.
   */
  private static long estimate(JobFile file, NodeId other) {
    long total =
        file.lane(other).flatMap(ForeignLane::newest).map(LaneHeader::getTotalCount).orElse(0L);
    JobFile.Overlap overlap = file.overlap(other);
    return overlap.onlyOwn() + overlap.onlyTheirs() + Math.max(0, total - overlap.theirs());
  }

  void onSketch(JobFile file, NodeId from, ReconSketch sketch, List<Effect> out) {
    switch (Sketch.read(sketch, file.own.ids())) {
      case Sketch.Answer.Found(List<Long> theirs, int bits, List<Hash> mine) -> {
        askFor(file, from, sketch.getSalt(), bits, theirs, out);
        give(file, from, mine, out);
      }
      case Sketch.Answer.Unclear() ->
          out.add(
              new Effect.Send(
                  from,
                  sealed(
                      file.slot,
                      Recon.newBuilder()
                          .setFetch(
                              ReconFetch.newBuilder()
                                  .setSalt(sketch.getSalt())
                                  .setWholeList(true)))));
      case Sketch.Answer.Malformed() -> {} // a traitor's; the lanes of the others do without it
    }
  }

  private void askFor(
      JobFile file, NodeId from, ByteString salt, int bits, List<Long> shortIds, List<Effect> out) {
    for (int at = 0; at < shortIds.size() && at < FETCHES_MAX * FETCH_MAX; at += FETCH_MAX) {
      ReconFetch.Builder fetch =
          ReconFetch.newBuilder()
              .setSalt(salt)
              .setBits(bits)
              .addAllShortIds(shortIds.subList(at, Math.min(shortIds.size(), at + FETCH_MAX)));
      out.add(new Effect.Send(from, sealed(file.slot, Recon.newBuilder().setFetch(fetch))));
    }
  }

  // --- step 3: contents
  // ---------------------------------------------------------------------------

  void askFor(JobFile file, NodeId from, List<Hash> ids, List<Effect> out) {
    ReconFetch.Builder fetch = ReconFetch.newBuilder();
    ids.stream().limit(FETCH_MAX).forEach(id -> fetch.addIds(id.toByteString()));
    out.add(new Effect.Send(from, sealed(file.slot, Recon.newBuilder().setFetch(fetch))));
  }

  /** Contents are served for closed files too, their stamps only while the file is here. */
  void answerFetch(
      long slot, Optional<JobFile> file, NodeId from, ReconFetch fetch, List<Effect> out) {
    Optional<SaltedIds> sketched =
        file.flatMap(JobFile::sketched)
            .filter(ids -> ids.salt().toByteString().equals(fetch.getSalt()));
    if (fetch.getWholeList()) {
      sketched.ifPresent(ids ->
          out.add(
              new Effect.Send(from, sealed(slot, Recon.newBuilder().setSketch(Sketch.list(ids))))));
      return;
    }
    List<Hash> ids = new ArrayList<>();
    fetch.getIdsList().stream()
        .limit(FETCH_MAX)
        .filter(id -> id.size() == Hash.SIZE)
        .forEach(id -> ids.add(Hash.of(id)));
    if (sketched.isPresent() && fetch.getBits() >= 1 && fetch.getBits() <= Long.SIZE) {
      fetch.getShortIdsList().stream()
          .limit(FETCH_MAX)
          .forEach(shortId -> sketched.get().id(shortId, fetch.getBits()).ifPresent(ids::add));
    }
    send(
        slot,
        List.of(from),
        ids,
        id -> file.map(found -> proofs(found, id)).orElse(List.of()),
        out);
  }

  private void give(JobFile file, NodeId to, List<Hash> ids, List<Effect> out) {
    List<Hash> some = ids.subList(0, Math.min(ids.size(), FETCHES_MAX * FETCH_MAX));
    send(file.slot, List.of(to), some, id -> proofs(file, id), out);
  }

  /** The own stamp, and as many of others as any stage asks for. */
  private static List<OpenedStamp> proofs(JobFile file, Hash id) {
    List<OpenedStamp> proofs = new ArrayList<>(file.witnesses(id, file.set.faulty() + 1));
    file.own.stamp(id).ifPresent(proofs::add);
    return proofs;
  }

  /**
   * R4.12a, C_s + D/2: what is still owed goes to those whose lanes do not show it, with as many
   * stamps as R4.12 asks for now.
   */
  void relay(JobFile file, int stampsNeeded, List<Effect> out) {
    file.relays
        .settle(file.set.others(self), file.own::isSent)
        .forEach((ids, peers) ->
            send(file.slot, peers, ids, id -> file.witnesses(id, stampsNeeded), out));
  }

  private void send(
      long slot,
      List<NodeId> to,
      List<Hash> ids,
      Function<Hash, List<OpenedStamp>> stamps,
      List<Effect> out) {
    ReconData.Builder data = ReconData.newBuilder();
    List<OpenedStamp> shown = new ArrayList<>();
    int bytes = 0;
    for (Hash id : ids) {
      Optional<OpenedEntry> entry = contents.get(id);
      if (entry.isEmpty()) {
        continue;
      }
      data.addContents(entry.get().envelope());
      bytes += entry.get().envelope().getSerializedSize();
      shown.addAll(stamps.apply(id));
      if (data.getContentsCount() == FETCH_MAX || bytes > DATA_BYTES_MAX) {
        out.add(data(slot, to, data, shown));
        data.clear();
        shown.clear();
        bytes = 0;
      }
    }
    if (data.getContentsCount() > 0) {
      out.add(data(slot, to, data, shown));
    }
  }

  private Effect data(
      long slot, List<NodeId> to, ReconData.Builder data, List<OpenedStamp> stamps) {
    data.addAllStamps(StampGroups.of(stamps));
    return new Effect.Broadcast(to, sealed(slot, Recon.newBuilder().setData(data)));
  }

  // --- small things
  // -------------------------------------------------------------------------------

  /** Validators whose newest lane header is not the last or not equal to the own lane. */
  private static List<NodeId> different(JobFile file) {
    OwnLane.Summary mine = file.own.summary();
    List<NodeId> different = new ArrayList<>();
    file.lanesByOwner()
        .forEach((owner, lane) -> {
          boolean isEqual =
              lane.newest()
                  .filter(header -> header.getLast() && header.getTotalCount() == mine.count())
                  .filter(header -> header.getSetFp().equals(mine.setFp().toByteString()))
                  .isPresent();
          if (!isEqual) {
            different.add(owner);
          }
        });
    return different;
  }

  private Envelope sealed(long slot, Recon.Builder recon) {
    return seal.apply(slot, recon.setSlot(slot).build());
  }
}
