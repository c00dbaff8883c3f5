package org.undchain.core.job;

import java.util.ArrayList;
import java.util.List;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/**
 * What is known of one id of a file: the stamps of others, and when the last piece came (R4.12).
 */
final class Known {
  /** Ascending by lane; ten at most, so looking through them is quicker than any tree. */
  private final List<OpenedStamp> stamps = new ArrayList<>(3);

  private BlockTime lastPiece;

  Known(BlockTime lastPiece) {
    this.lastPiece = lastPiece;
  }

  /** The stamps of others, ascending by lane. */
  List<OpenedStamp> stamps() {
    return stamps;
  }

  BlockTime lastPiece() {
    return lastPiece;
  }

  void lastPiece(BlockTime at) {
    lastPiece = at;
  }

  boolean isStampedBy(NodeId lane) {
    for (OpenedStamp stamp : stamps) {
      if (stamp.lane().equals(lane)) {
        return true;
      }
    }
    return false;
  }

  boolean isStampedFirstHand() {
    for (OpenedStamp stamp : stamps) {
      if (stamp.isFirstHand()) {
        return true;
      }
    }
    return false;
  }

  /** Enters a stamp; false if that lane's stamp is known already. */
  boolean add(OpenedStamp stamp) {
    int at = 0;
    for (; at < stamps.size(); at++) {
      int order = stamps.get(at).lane().compareTo(stamp.lane());
      if (order == 0) {
        return false;
      }
      if (order > 0) {
        break;
      }
    }
    stamps.add(at, stamp);
    return true;
  }
}
