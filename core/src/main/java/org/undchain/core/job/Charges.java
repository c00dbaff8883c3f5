package org.undchain.core.job;

import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.value.NodeId;

/**
 * Room that each first-hand lane has in the files of others (R4.3): so no traitor stuffs a file.
 */
final class Charges {
  private final int entriesMax;
  private final int bytesMax;
  private final TreeMap<NodeId, Used> used = new TreeMap<>();

  private record Used(int entries, long bytes) {
    static final Used NONE = new Used(0, 0);
  }

  Charges(int entriesMax, int bytesMax) {
    this.entriesMax = entriesMax;
    this.bytesMax = bytesMax;
  }

  /** The first of these lanes that has room for an entry of this size. */
  Optional<NodeId> roomIn(Collection<NodeId> firstHandLanes, int bodyBytes) {
    return firstHandLanes.stream()
        .filter(lane -> {
          Used so = used.getOrDefault(lane, Used.NONE);
          return so.entries() < entriesMax && so.bytes() + bodyBytes <= bytesMax;
        })
        .findFirst();
  }

  void charge(NodeId lane, int bodyBytes) {
    Used so = used.getOrDefault(lane, Used.NONE);
    used.put(lane, new Used(so.entries() + 1, so.bytes() + bodyBytes));
  }
}
