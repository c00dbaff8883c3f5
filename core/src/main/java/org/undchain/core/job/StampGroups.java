package org.undchain.core.job;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.job.LaneHeaders.OpenedHeader;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.ledger.Chain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.StampGroup;
import org.undchain.core.message.StampedLeaf;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** Many stamps in one message (R4.12a, R4.13, R4.22): each lane header is said once. */
public final class StampGroups {
  private StampGroups() {}

  /** The stamps, those of one batch together, batches in the order of their first stamps. */
  static List<StampGroup> of(Collection<OpenedStamp> stamps) {
    LinkedHashMap<Hash, TreeMap<Integer, OpenedStamp>> batches = new LinkedHashMap<>();
    for (OpenedStamp stamp : stamps) {
      batches
          .computeIfAbsent(stamp.header().id(), header -> new TreeMap<>())
          .put(stamp.index(), stamp);
    }
    return batches.values().stream().map(StampGroups::group).toList();
  }

  private static StampGroup group(TreeMap<Integer, OpenedStamp> stamps) {
    OpenedHeader header = stamps.firstEntry().getValue().header();
    StampGroup.Builder group = StampGroup.newBuilder().setHeader(header.envelope());
    TreeMap<Integer, List<Hash>> paths = new TreeMap<>();
    stamps.forEach((index, stamp) -> {
      group.addLeaves(
          StampedLeaf.newBuilder()
              .setIndex(index)
              .setId(stamp.entryId().toByteString())
              .setFirstHand(stamp.isFirstHand()));
      paths.put(index, stamp.path());
    });
    MerkleList.join(header.body().getIdCount(), paths)
        .forEach(hash -> group.addHashes(hash.toByteString()));
    return group.build();
  }

  /** The stamps of a group from outside; empty unless all of it is good and in its one form. */
  public static Optional<List<OpenedStamp>> open(Chain chain, ValidatorSet set, StampGroup group) {
    Optional<TreeMap<Integer, Bytes>> leaves = leaves(group);
    if (leaves.isEmpty()
        || group.getHashesCount() > group.getLeavesCount() * LaneHeaders.PATH_MAX) {
      return Optional.empty();
    }
    List<Hash> hashes = new ArrayList<>();
    for (ByteString hash : group.getHashesList()) {
      if (hash.size() != Hash.SIZE) {
        return Optional.empty();
      }
      hashes.add(Hash.of(hash));
    }
    return LaneHeaders.open(chain, set, group.getHeader())
        .flatMap(header ->
            MerkleList.part(header.body().getIdCount(), leaves.get(), hashes)
                .filter(part -> part.root().toByteString().equals(header.body().getIdsRoot()))
                .map(part -> stamps(header, group.getLeavesList(), part::path)));
  }

  private static List<OpenedStamp> stamps(
      OpenedHeader header, List<StampedLeaf> leaves, IntFunction<List<Hash>> paths) {
    return leaves.stream()
        .map(leaf ->
            new OpenedStamp(
                header, Hash.of(leaf.getId()), leaf.getFirstHand(), leaf.getIndex(), paths))
        .toList();
  }

  /** The leaves by their places, if these ascend and a batch may have so many. */
  private static Optional<TreeMap<Integer, Bytes>> leaves(StampGroup group) {
    TreeMap<Integer, Bytes> leaves = new TreeMap<>();
    for (StampedLeaf leaf : group.getLeavesList()) {
      boolean isNext = leaves.isEmpty() || leaf.getIndex() > leaves.lastKey();
      if (!isNext
          || leaf.getIndex() < 0
          || leaf.getIndex() >= OpenFiles.BATCH_MAX
          || leaf.getId().size() != Hash.SIZE) {
        return Optional.empty();
      }
      leaves.put(leaf.getIndex(), LaneHeaders.leaf(Hash.of(leaf.getId()), leaf.getFirstHand()));
    }
    return leaves.isEmpty() ? Optional.empty() : Optional.of(leaves);
  }
}
