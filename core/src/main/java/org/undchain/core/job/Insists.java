package org.undchain.core.job;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.message.StampGroup;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * What of an INSIST a proposer may offer (R4.22); the rest is ignored, so no liar swells the union
 * (T16).
 */
final class Insists {
  private static final int DATA_BYTES_MAX = 3 << 20;

  private Insists() {}

  /** INSIST of R4.22: ids that not everybody is known to hold, each proven. */
  static void show(JobFile file, Contents contents, ReconInsist.Builder insist) {
    int bytes = 0;
    List<OpenedStamp> shown = new ArrayList<>();
    for (Hash id : file.own.ids()) {
      if (file.stampers(id) >= file.set.n() || bytes > DATA_BYTES_MAX) {
        continue;
      }
      insist.addIds(id.toByteString());
      List<OpenedStamp> stamps = file.stampsOf(id);
      List<OpenedStamp> firstHand =
          stamps.stream().filter(OpenedStamp::isFirstHand).limit(1).toList();
      shown.addAll(
          firstHand.isEmpty() ? stamps.stream().limit(file.set.faulty() + 1).toList() : firstHand);
      Optional<OpenedEntry> entry = contents.get(id);
      entry.ifPresent(content -> insist.addContents(content.envelope()));
      bytes += entry.map(content -> content.envelope().getSerializedSize()).orElse(0);
    }
    insist.addAllStamps(StampGroups.of(shown));
  }

  /** Ids with f + 1 stamps, and up to Q ids for each lane whose first-hand stamp is shown. */
  static List<Hash> proven(Chain chain, JobFile file, ReconInsist insist, Contents contents) {
    TreeMap<Hash, List<OpenedStamp>> proofs = new TreeMap<>();
    for (StampGroup group : insist.getStampsList()) {
      StampGroups.open(chain, file.set, group).stream()
          .flatMap(List::stream)
          .filter(stamp -> stamp.header().body().getSlot() == file.slot)
          .forEach(stamp ->
              proofs.computeIfAbsent(stamp.entryId(), ignored -> new ArrayList<>()).add(stamp));
    }
    Charges charges = new Charges(chain.rules().quotaEntries(), chain.rules().quotaBytes());
    List<Hash> proven = new ArrayList<>();
    for (ByteString raw : insist.getIdsList()) {
      if (raw.size() != Hash.SIZE) {
        continue;
      }
      Hash id = Hash.of(raw);
      List<OpenedStamp> stamps = proofs.getOrDefault(id, List.of());
      if (isProven(
          file, stamps, charges, contents.get(id).map(entry -> entry.bodyBytes()).orElse(0))) {
        proven.add(id);
      }
    }
    return proven;
  }

  private static boolean isProven(
      JobFile file, List<OpenedStamp> stamps, Charges charges, int bodyBytes) {
    Set<NodeId> lanes = new TreeSet<>();
    List<NodeId> firstHand = new ArrayList<>();
    for (OpenedStamp stamp : stamps) {
      lanes.add(stamp.lane());
      if (stamp.isFirstHand()) {
        firstHand.add(stamp.lane());
      }
    }
    if (lanes.size() >= file.set.faulty() + 1) {
      return true;
    }
    var room = charges.roomIn(firstHand, bodyBytes);
    room.ifPresent(lane -> charges.charge(lane, bodyBytes));
    return room.isPresent();
  }
}
