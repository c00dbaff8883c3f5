package org.undchain.core.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.codec.Canonical;
import org.undchain.core.job.LaneHeaders.OpenedHeader;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.StampGroup;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Takes in what other validators stamped, and adds to the own lane what enough of them vouch for
 * (R4.12).
 */
final class OthersLanes {
  private final Chain chain;
  private final NodeId self;
  private final OpenSlots slots;
  private final Contents contents;
  private final Reconciler reconciler;
  private final OwnLanes own;
  private final Acks acks;
  private final OpenFiles.Judge judge;
  private final List<ForeignLane.Fork> forks = new ArrayList<>();
  private boolean isContentArrived;

  OthersLanes(
      Chain chain,
      NodeId self,
      OpenSlots slots,
      Contents contents,
      Reconciler reconciler,
      OwnLanes own,
      Acks acks,
      OpenFiles.Judge judge) {
    this.chain = chain;
    this.self = self;
    this.slots = slots;
    this.contents = contents;
    this.reconciler = reconciler;
    this.own = own;
    this.acks = acks;
    this.judge = judge;
  }

  /** Whether contents arrived since the last call. */
  boolean drainContentArrived() {
    boolean has = isContentArrived;
    isContentArrived = false;
    return has;
  }

  /** Lane forks found since the last call (E3): two headers of one place each. */
  List<List<Envelope>> drainForks() {
    List<List<Envelope>> out = new ArrayList<>();
    forks.forEach(fork -> out.add(List.of(fork.first().envelope(), fork.second().envelope())));
    forks.clear();
    return out;
  }

  void onLaneBatch(
      BlockTime now, NodeId from, LaneBatch batch, List<OpenedEntry> entries, List<Effect> out) {
    if (batch.getLeavesCount() > OpenFiles.BATCH_MAX) {
      return;
    }
    Optional<LaneHeader> claimed =
        Canonical.decode(LaneHeader.parser(), Bytes.of(batch.getHeader().getBody()));
    Optional<JobFile> file = claimed.flatMap(header -> slots.fileToFill(header.getSlot()));
    Optional<OpenedHeader> header =
        file.flatMap(found -> LaneHeaders.open(chain, found.set, batch.getHeader(), claimed.get()));
    if (header.isEmpty() || header.get().lane().equals(self)) {
      return;
    }
    List<Hash> brought = takeContents(now, entries);
    takeStamps(now, file.get(), batch.getWitnessList());
    ForeignLane lane = file.get().lane(header.get().lane()).orElseThrow();
    boolean wasHeardOut = file.get().isHeardOut();
    ForeignLane.Entered entered = lane.enter(now, batch, header.get());
    entered.fork().ifPresent(forks::add);
    if (entered.hasGap() && !file.get().own.isFrozen()) {
      reconciler.sendCursors(file.get(), from, out);
    }
    List<Hash> changed = new ArrayList<>();
    entered.inOrder().forEach(received -> changed.addAll(enterStamps(now, file.get(), received)));
    changed.addAll(brought);
    settle(now, file.get(), from, changed, out);
    if (!wasHeardOut && file.get().isHeardOut() && file.get().own.isLastSent()) {
      own.flush(now, file.get(), false, out); // nobody says more that would go with it
    }
  }

  /** Contents and stamps that were asked for. */
  void onData(
      BlockTime now,
      NodeId from,
      long slot,
      ReconData data,
      List<OpenedEntry> entries,
      List<Effect> out) {
    List<Hash> brought = takeContents(now, entries);
    Optional<JobFile> found = slots.file(slot);
    if (found.isPresent()) {
      List<Hash> changed = takeStamps(now, found.get(), data.getStampsList());
      changed.addAll(brought);
      settle(now, found.get(), from, changed, out);
    }
  }

  /** Keeps entries; returns their ids, new or not. */
  List<Hash> takeContents(BlockTime now, List<OpenedEntry> entries) {
    List<Hash> ids = new ArrayList<>(entries.size());
    for (OpenedEntry entry : entries) {
      takeContent(now, entry);
      ids.add(entry.id());
    }
    return ids;
  }

  private void takeContent(BlockTime now, OpenedEntry entry) {
    if (contents.has(entry.id())) {
      return;
    }
    contents.put(entry);
    isContentArrived = true;
    for (JobFile file : slots.files()) {
      if (file.knows(entry.id())) {
        file.touch(entry.id(), now);
      }
    }
  }

  private List<Hash> enterStamps(BlockTime now, JobFile file, ForeignLane.Received received) {
    List<Hash> ids = new ArrayList<>();
    for (OpenedStamp stamp :
        OpenedStamp.all(received.header(), received.batch().getLeavesList(), received.tree())) {
      if (file.addStamp(stamp, now)) {
        ids.add(stamp.entryId());
      }
    }
    return ids;
  }

  /** Enters the stamps that are good; returns the ids of those that are new. */
  private List<Hash> takeStamps(BlockTime now, JobFile file, List<StampGroup> groups) {
    List<Hash> changed = new ArrayList<>();
    for (StampGroup group : groups) {
      if (file.hasStampsOf(group.getHeader(), group.getLeavesList())) {
        continue;
      }
      List<OpenedStamp> stamps =
          StampGroups.open(chain, file.set, group).stream()
              .flatMap(List::stream)
              .filter(stamp -> stamp.header().body().getSlot() == file.slot)
              .filter(stamp -> !stamp.lane().equals(self))
              .toList();
      if (stamps.isEmpty()) {
        continue;
      }
      OpenedHeader header = stamps.getFirst().header();
      file.lane(header.lane()).flatMap(lane -> lane.forkBy(header)).ifPresent(forks::add);
      for (OpenedStamp stamp : stamps) {
        if (file.addStamp(stamp, now)) {
          changed.add(stamp.entryId());
        }
      }
    }
    return changed;
  }

  /**
   * After new pieces: judge the ids again, ask for missing contents, tell those who wait for
   * stamps.
   */
  private void settle(
      BlockTime now, JobFile file, NodeId from, List<Hash> changed, List<Effect> out) {
    Set<Hash> distinct = new TreeSet<>(changed);
    List<Hash> missing = new ArrayList<>();
    for (Hash id : distinct) {
      if (!contents.has(id) && file.knows(id) && missing.size() < Reconciler.FETCH_MAX) {
        missing.add(id);
      }
      judge(now, file, id, out);
      if (now.isBefore(chain.calendar().cutoffOf(file.slot))) {
        acks.onOthersStamp(file, id, out);
      }
    }
    if (!missing.isEmpty() && !file.own.isFrozen()) {
      reconciler.askFor(file, from, missing, out);
    }
  }

  void judgeWaiting(BlockTime now, List<Effect> out) {
    for (JobFile file : List.copyOf(slots.files())) {
      for (Hash id : file.waiting()) {
        judge(now, file, id, out);
      }
    }
  }

  /**
   * R4.12: adds an id of others as soon as content, eligibility, room and enough stamps are there.
   */
  private void judge(BlockTime now, JobFile file, Hash id, List<Effect> out) {
    Optional<Known> known = file.known(id);
    Optional<OpenedEntry> entry = contents.get(id);
    boolean mayAdd =
        known.isPresent()
            && entry.isPresent()
            && !file.own.contains(id)
            && !file.own.isFrozen()
            && !slots.isClosed(file.slot)
            && file.slot <= slots.lastOpen()
            && file.set.contains(self)
            && now.isBefore(slots.voteStart(file));
    if (!mayAdd) {
      return;
    }
    if (known.get().stamps().size() < slots.stampsNeeded(file, known.get().lastPiece())) {
      return;
    }
    List<NodeId> firstHand = new ArrayList<>();
    for (OpenedStamp stamp : known.get().stamps()) {
      if (stamp.isFirstHand()) {
        firstHand.add(stamp.lane());
      }
    }
    if (firstHand.isEmpty() || !judge.check(entry.get(), file.slot).isAccept()) {
      return;
    }
    Optional<NodeId> charged = file.charges.roomIn(firstHand, entry.get().bodyBytes());
    if (charged.isEmpty() && known.get().stamps().size() < file.set.faulty() + 1) {
      return;
    }
    charged.ifPresent(lane -> file.charges.charge(lane, entry.get().bodyBytes()));
    BlockTime keep = known.get().lastPiece();
    own.stamp(now, file, entry.get(), false, out);
    known.get().lastPiece(keep);
  }
}
