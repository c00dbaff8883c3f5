package org.undchain.utilities.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.undchain.core.value.NodeId;

/**
 * The shards of one object that can be had, the best first: shards that hold the data itself before
 * those that have to be computed back, partners that were late behind all others, partners that
 * lied or lost the shard not at all.
 */
final class ShardSupply {
  private final List<Supplier> suppliers = new ArrayList<>();
  private final ObjectLayout layout;
  private final SkippedPartners skipped;

  ShardSupply(Manifest manifest, Map<NodeId, ShardSource> sources, SkippedPartners skipped) {
    this.layout = manifest.layout();
    this.skipped = skipped;
    for (Manifest.Shard shard : manifest.shards()) {
      ShardSource source = sources.get(shard.partner());
      if (source == null) {
        skipped.add(
            new Skipped(shard.partner(), StorageReason.UNREACHABLE, "its address is not known"));
      } else {
        suppliers.add(new Supplier(shard, source));
      }
    }
  }

  /**
   * Those who may be asked for piece {@code index} of a shard that is not there yet, best first.
   */
  List<Fetch> fetches(int index, Set<Integer> there) {
    return suppliers.stream()
        .filter(supplier -> !supplier.isBad && !there.contains(supplier.shard.index()))
        .sorted(Comparator.comparingInt(supplier -> supplier.lates.get()))
        .map(supplier -> new Fetch(supplier, index))
        .toList();
  }

  /** A piece of a shard whose bytes are proved. */
  @SuppressWarnings("ArrayRecordComponent") // Bulk bytes, handed over and never compared.
  record Piece(int shard, byte[] bytes) {}

  private static final class Supplier {
    private final Manifest.Shard shard;
    private final ShardSource source;
    private final AtomicInteger lates = new AtomicInteger();
    private volatile boolean isBad;

    private Supplier(Manifest.Shard shard, ShardSource source) {
      this.shard = shard;
      this.source = source;
    }
  }

  /** Asking one partner for one piece. */
  final class Fetch implements Race.Runner<Piece> {
    private final Supplier supplier;
    private final int index;

    private Fetch(Supplier supplier, int index) {
      this.supplier = supplier;
      this.index = index;
    }

    @Override
    public Piece run() throws StorageException, InterruptedException {
      Manifest.Shard shard = supplier.shard;
      ProvenPiece piece = supplier.source.read(shard.root(), index);
      if (piece.bytes().length < layout.pieceBytes(index)) {
        throw new StorageException(StorageReason.TRUNCATED, "piece " + index + " is too short");
      }
      if (!piece.proves(shard.root(), layout.shardBytes(), index)) {
        throw new StorageException(StorageReason.LYING, "piece " + index + " is not the one kept");
      }
      return new Piece(shard.index(), piece.bytes());
    }

    @Override
    public void failed(StorageReason reason, String detail) {
      skipped.add(new Skipped(supplier.shard.partner(), reason, detail));
      if (reason.isPassing()) {
        supplier.lates.incrementAndGet();
      } else {
        supplier.isBad = true;
      }
    }
  }
}
