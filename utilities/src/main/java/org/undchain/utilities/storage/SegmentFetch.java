package org.undchain.utilities.storage;

import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;

/** One segment brought back: K proved pieces, the code, the seal. */
final class SegmentFetch implements Callable<byte[]> {
  /** How often all partners are tried before a segment is given up. */
  private static final int ROUNDS_MAX = 3;

  private final int index;
  private final Manifest manifest;
  private final ShardSupply supply;
  private final ExecutorService threads;
  private final Patience patience;

  SegmentFetch(
      int index,
      Manifest manifest,
      ShardSupply supply,
      ExecutorService threads,
      Patience patience) {
    this.index = index;
    this.manifest = manifest;
    this.supply = supply;
    this.threads = threads;
    this.patience = patience;
  }

  @Override
  public byte[] call() throws StorageException, InterruptedException {
    ObjectLayout layout = manifest.layout();
    TreeMap<Integer, byte[]> pieces = new TreeMap<>();
    for (int round = 0; round < ROUNDS_MAX && pieces.size() < layout.needed(); round++) {
      if (round > 0) {
        Thread.sleep(patience.hedge());
      }
      List<ShardSupply.Fetch> fetches = supply.fetches(index, pieces.keySet());
      for (ShardSupply.Piece piece :
          new Race<>(threads, patience, fetches).first(layout.needed() - pieces.size())) {
        pieces.put(piece.shard(), piece.bytes());
      }
    }
    if (pieces.size() < layout.needed()) {
      throw new StorageException(
          StorageReason.TOO_FEW_SHARDS,
          pieces.size() + " of " + layout.needed() + " shards can be read");
    }
    return opened(layout, pieces);
  }

  private byte[] opened(ObjectLayout layout, TreeMap<Integer, byte[]> pieces)
      throws StorageException {
    ErasureCode code = new ErasureCode(layout.needed(), ErasureCode.SHARDS_MAX);
    byte[] sealed = code.restore(pieces, layout.pieceBytes(index));
    return new SegmentCipher(manifest.key())
        .open(index, sealed, layout.sealedBytes(index))
        .orElseThrow(() ->
            new StorageException(
                StorageReason.BAD_MANIFEST, "segment " + index + " does not open"));
  }
}
