package org.undchain.core.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Load;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.StampedLeaf;
import org.undchain.core.reconciliation.SaltedIds;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** One open job file: all lanes of a slot and what is known of every id in them. */
final class JobFile {
  /** Most ids that lanes may hold and the file not, for an early exit. */
  private static final int OUTSIDE_MAX = 512;

  final long slot;
  final ValidatorSet set;
  final OwnLane own;
  final Charges charges;
  final Relays relays;
  private final TreeMap<NodeId, ForeignLane> lanes = new TreeMap<>();
  private final LinkedHashMap<Hash, Known> ids = new LinkedHashMap<>(); // in order of arrival

  private Optional<SaltedIds> sketched = Optional.empty();

  /** What came of any id, and how much of it when the ids were last found not to be the same. */
  private long pieces;

  private long unequalAt = -1;

  /** How the own lane and another's compare by the stamps that are here. */
  record Overlap(long onlyOwn, long onlyTheirs, long theirs) {}

  JobFile(Chain chain, NodeId self, long slot, ValidatorSet set) {
    this.slot = slot;
    this.set = set;
    this.own = new OwnLane(chain, self, slot);
    this.charges = new Charges(chain.rules().quotaEntries(), chain.rules().quotaBytes());
    this.relays = new Relays(set.faulty(), this::isShownBy);
    set.others(self).forEach(id -> lanes.put(id, new ForeignLane()));
  }

  Optional<ForeignLane> lane(NodeId owner) {
    return Optional.ofNullable(lanes.get(owner));
  }

  Collection<ForeignLane> lanes() {
    return lanes.values();
  }

  TreeMap<NodeId, ForeignLane> lanesByOwner() {
    return lanes;
  }

  void addLoads(int quotaEntries, List<Load> loads) {
    loads.add(new Load("ids of a file", ids.size(), OpenFiles.IDS_MAX));
    loads.add(new Load("own share of a file", own.firstHandCount(), quotaEntries));
    for (ForeignLane lane : lanes.values()) {
      loads.add(lane.load());
      loads.add(lane.loadAhead());
    }
  }

  Optional<Known> known(Hash id) {
    return Optional.ofNullable(ids.get(id));
  }

  boolean knows(Hash id) {
    return ids.containsKey(id);
  }

  /** The record of an id; a new piece of it sets the clock of its stage. */
  Known touch(Hash id, BlockTime now) {
    Known known = ids.computeIfAbsent(id, ignored -> new Known(now));
    known.lastPiece(now);
    pieces++;
    return known;
  }

  /** Enters a stamp; false if that lane's stamp is known already. */
  boolean addStamp(OpenedStamp stamp, BlockTime now) {
    Known known = ids.get(stamp.entryId());
    if (known == null) {
      if (ids.size() >= OpenFiles.IDS_MAX) {
        return false;
      }
      known = new Known(now);
      ids.put(stamp.entryId(), known);
    }
    boolean isNew = known.add(stamp);
    if (isNew) {
      known.lastPiece(now);
      pieces++;
    }
    return isNew;
  }

  /** Whether another's lane is known to hold an id. */
  boolean isShownBy(NodeId lane, Hash id) {
    return known(id).filter(known -> known.isStampedBy(lane)).isPresent();
  }

  /** Whether the stamps of all these ids by just this header are here. */
  boolean hasStampsOf(Envelope header, List<StampedLeaf> leaves) {
    for (StampedLeaf leaf : leaves) {
      if (leaf.getId().size() != Hash.SIZE || !hasStampOf(header, Hash.of(leaf.getId()))) {
        return false;
      }
    }
    return true;
  }

  private boolean hasStampOf(Envelope header, Hash id) {
    Known known = ids.get(id);
    if (known != null) {
      for (OpenedStamp stamp : known.stamps()) {
        if (stamp.header().envelope().equals(header)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The stamps of others on ids that are not among these, ascending by id. */
  List<OpenedStamp> stampsOutside(Set<Hash> inside) {
    List<OpenedStamp> found = new ArrayList<>();
    ids.forEach((id, known) -> {
      if (!inside.contains(id)) {
        found.addAll(known.stamps());
      }
    });
    found.sort(Comparator.comparing(OpenedStamp::entryId));
    return found;
  }

  /** Any stamp of this lane. */
  Optional<OpenedStamp> stampOf(NodeId lane) {
    return ids.values().stream()
        .flatMap(known -> known.stamps().stream())
        .filter(stamp -> stamp.lane().equals(lane))
        .findFirst();
  }

  /** Ids known here but not in the own lane, in the order in which they came. */
  List<Hash> waiting() {
    List<Hash> waiting = new ArrayList<>();
    for (Hash id : ids.keySet()) {
      if (!own.contains(id)) {
        waiting.add(id);
      }
    }
    return waiting;
  }

  /** Stamps of others on an id, at most so many, those that are first-hand before the rest. */
  List<OpenedStamp> witnesses(Hash id, int atMost) {
    return known(id).stream()
        .flatMap(known -> known.stamps().stream())
        .sorted(Comparator.comparing(stamp -> !stamp.isFirstHand()))
        .limit(atMost)
        .toList();
  }

  /** All stamps of an id, the own one first, the others ascending by lane. */
  List<OpenedStamp> stampsOf(Hash id) {
    List<OpenedStamp> stamps = new ArrayList<>();
    own.stamp(id).ifPresent(stamps::add);
    known(id).ifPresent(known -> stamps.addAll(known.stamps()));
    return stamps;
  }

  int stampers(Hash id) {
    return (own.contains(id) ? 1 : 0) + known(id).map(known -> known.stamps().size()).orElse(0);
  }

  boolean isInAnyLane(Hash id) {
    return own.contains(id) || known(id).filter(known -> !known.stamps().isEmpty()).isPresent();
  }

  Overlap overlap(NodeId other) {
    long theirs = 0;
    long both = 0;
    for (Map.Entry<Hash, Known> known : ids.entrySet()) {
      if (known.getValue().isStampedBy(other)) {
        theirs++;
        both += own.contains(known.getKey()) ? 1 : 0;
      }
    }
    return new Overlap(own.size() - both, theirs - both, theirs);
  }

  /** The ids of the newest sketch that was sent, to find them by their short names. */
  Optional<SaltedIds> sketched() {
    return sketched;
  }

  void sketched(SaltedIds ids) {
    sketched = Optional.of(ids);
  }

  /** Whether the batch of the cut-off came from every other lane. */
  boolean isHeardOut() {
    return lanes.values().stream()
        .allMatch(lane -> lane.newest().filter(LaneHeader::getLast).isPresent());
  }

  /**
   * Early exit (section 4.3): every lane is complete and holds what the own one holds. What is in
   * no file of the slot, whatever lane holds it, makes no difference: a request that reached one
   * validator before the cut-off and another behind it is in this lane and in the block before.
   *
   * @param isOutside whether an id is not eligible under the state that the block builds on
   */
  boolean isUnanimous(Predicate<Hash> isOutside) {
    return own.isLastSent()
        && !own.hasPending()
        && isHeardOut()
        && (hasEqualLanes() || isStampedByAll(isOutside));
  }

  private boolean hasEqualLanes() {
    OwnLane.Summary mine = own.summary();
    return lanes.values().stream()
        .flatMap(lane -> lane.newest().stream())
        .allMatch(newest ->
            newest.getTotalCount() == mine.count()
                && newest.getSetFp().equals(mine.setFp().toByteString()));
  }

  /** Looks through the ids only where something came since: a liar must not have them counted. */
  private boolean isStampedByAll(Predicate<Hash> isOutside) {
    if (unequalAt == pieces || ids.size() >= OpenFiles.IDS_MAX) {
      return false; // with so many a lane may hold more than is known here
    }
    boolean isEqual = hasOnlyCommon(isOutside);
    if (!isEqual) {
      unequalAt = pieces;
    }
    return isEqual;
  }

  /** The newest first: those are what is still on its way. */
  private boolean hasOnlyCommon(Predicate<Hash> isOutside) {
    long owned = 0;
    int outside = 0;
    for (Map.Entry<Hash, Known> entry : ids.sequencedEntrySet().reversed()) {
      boolean isOwn = own.contains(entry.getKey());
      owned += isOwn ? 1 : 0;
      if (!isOwn || entry.getValue().stamps().size() < lanes.size()) {
        if (++outside > OUTSIDE_MAX || !isOutside.test(entry.getKey())) {
          return false;
        }
      }
    }
    return owned == own.size();
  }
}
