package org.undchain.core.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Ids of the own lane whose content and stamps this validator still owes to those who lack them
 * (R4.12a).
 *
 * <p>The stage rule needs the relay of the first honest stamper only. What f + 1 others had stamped
 * when it was added has an honest stamper already; the rest is owed until C_s + D/2, when the lanes
 * of most show that they need nothing.
 */
final class Relays {
  private final int faulty;
  private final BiPredicate<NodeId, Hash> isShownBy;
  private final Set<Hash> owed = new LinkedHashSet<>();

  /**
   * @param isShownBy whether the lane of a validator is known to hold an id
   */
  Relays(int faulty, BiPredicate<NodeId, Hash> isShownBy) {
    this.faulty = faulty;
    this.isShownBy = isShownBy;
  }

  /**
   * An id is added to the own lane.
   *
   * @param stamps those of others by which it was
   */
  void added(Hash id, List<OpenedStamp> stamps) {
    if (stamps.size() <= faulty) {
      owed.add(id);
    }
  }

  /** Nothing is owed of an id any more. */
  void settled(Hash id) {
    owed.remove(id);
  }

  /** Whether a peer is owed an id. */
  boolean isLackedBy(NodeId peer, Hash id) {
    return owed.contains(id) && !isShownBy.test(peer, id);
  }

  /**
   * Settles what is owed of the ids that were sent.
   *
   * @return peers by what they lack, those with the same together
   */
  LinkedHashMap<List<Hash>, List<NodeId>> settle(Collection<NodeId> peers, Predicate<Hash> isSent) {
    List<Hash> ids = owed.stream().filter(isSent).toList();
    LinkedHashMap<List<Hash>, List<NodeId>> lacking = new LinkedHashMap<>();
    for (NodeId peer : peers) {
      List<Hash> theirs = ids.stream().filter(id -> isLackedBy(peer, id)).toList();
      if (!theirs.isEmpty()) {
        lacking.computeIfAbsent(theirs, same -> new ArrayList<>()).add(peer);
      }
    }
    ids.forEach(this::settled);
    return lacking;
  }
}
