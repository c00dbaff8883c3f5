package org.undchain.utilities.storage;

import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The way to a partner that serves shards. What it returns is not trusted. */
public interface ShardSource {
  NodeId partner();

  /** Piece {@code index} of the shard with this root, as the partner sent it. */
  ProvenPiece read(Hash root, int index) throws StorageException, InterruptedException;
}
