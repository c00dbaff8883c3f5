package org.undchain.core.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.job.LaneHeaders.OpenedHeader;
import org.undchain.core.machine.Load;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;

/** Another validator's lane of one slot as it arrived: the first branch seen, in order (R4.31). */
final class ForeignLane {
  /** Batches ahead of a gap that are kept until it closes. */
  private static final int AHEAD_MAX = 64;

  private static final int BATCHES_MAX = 4096;

  private final List<LaneBatch> batches = new ArrayList<>();
  private final List<OpenedHeader> headers = new ArrayList<>();
  private final TreeMap<Long, Received> ahead = new TreeMap<>();
  private Optional<BlockTime> lastArrival = Optional.empty();

  /** A batch with its opened header and the tree that this commits to. */
  record Received(LaneBatch batch, OpenedHeader header, MerkleList.Tree tree) {}

  /**
   * What a batch did: the batches that are now in order, or a proof that its owner forked the lane.
   *
   * @param hasGap batches before this one are missing and worth asking for; of another branch, and
   *     of a batch that waits already, nothing is: two who hold two branches would ask each other
   *     in ever more words
   */
  record Entered(List<Received> inOrder, Optional<Fork> fork, boolean hasGap) {
    static final Entered NOTHING = new Entered(List.of(), Optional.empty(), false);
  }

  /** Two headers of one place (E3). */
  record Fork(OpenedHeader first, OpenedHeader second) {}

  long nextSeq() {
    return batches.size();
  }

  List<LaneBatch> batches() {
    return batches;
  }

  Load load() {
    return new Load("batches of a lane", batches.size(), BATCHES_MAX);
  }

  Load loadAhead() {
    return new Load("batches ahead of a gap", ahead.size(), AHEAD_MAX);
  }

  Optional<LaneHeader> newest() {
    return headers.isEmpty() ? Optional.empty() : Optional.of(headers.getLast().body());
  }

  /** The header in hand of the same place, if it is another one (E3). */
  Optional<Fork> forkBy(OpenedHeader header) {
    long seq = header.body().getSeq();
    Optional<OpenedHeader> known =
        seq < nextSeq()
            ? Optional.of(headers.get((int) seq))
            : Optional.ofNullable(ahead.get(seq)).map(Received::header);
    return known
        .filter(found -> !found.id().equals(header.id()))
        .map(found -> new Fork(found, header));
  }

  /** Whether something of it came since then: the rest may well be on its way. */
  boolean isFlowing(BlockTime since) {
    return lastArrival.filter(at -> !at.isBefore(since)).isPresent();
  }

  Entered enter(BlockTime now, LaneBatch batch, OpenedHeader header) {
    long seq = header.body().getSeq();
    Optional<Fork> fork = forkBy(header);
    if (fork.isPresent()) {
      return new Entered(List.of(), fork, false);
    }
    if (seq < nextSeq()) {
      return Entered.NOTHING;
    }
    Optional<Received> received = received(batch, header);
    if (received.isEmpty() || seq > nextSeq() + AHEAD_MAX || batches.size() >= BATCHES_MAX) {
      return Entered.NOTHING;
    }
    lastArrival = Optional.of(now);
    boolean isNew = ahead.putIfAbsent(seq, received.get()) == null;
    List<Received> inOrder = new ArrayList<>();
    for (Received next = ahead.remove(nextSeq()); next != null; next = ahead.remove(nextSeq())) {
      if (!follows(next.header().body())) {
        break; // another branch of a fork: its ids still come through honest echoes
      }
      batches.add(next.batch());
      headers.add(next.header());
      inOrder.add(next);
    }
    return new Entered(inOrder, Optional.empty(), isNew && seq > nextSeq());
  }

  /** The batch, if its leaves are those that the header commits to. */
  private static Optional<Received> received(LaneBatch batch, OpenedHeader header) {
    boolean isSized =
        batch.getLeavesCount() == header.body().getIdCount()
            && batch.getLeavesList().stream().allMatch(leaf -> leaf.getId().size() == Hash.SIZE);
    if (!isSized) {
      return Optional.empty();
    }
    MerkleList.Tree tree = LaneHeaders.tree(batch.getLeavesList());
    return tree.root().toByteString().equals(header.body().getIdsRoot())
        ? Optional.of(new Received(batch, header, tree))
        : Optional.empty();
  }

  private boolean follows(LaneHeader header) {
    if (headers.isEmpty()) {
      return header.getTotalCount() == header.getIdCount();
    }
    OpenedHeader before = headers.getLast();
    return header.getPrevHash().equals(before.id().toByteString())
        && header.getTotalCount() == before.body().getTotalCount() + header.getIdCount();
  }
}
