package org.undchain.utilities.storage;

import java.util.List;
import org.undchain.core.value.Hash;

/**
 * A piece of a shard with the path that proves it.
 *
 * @param shardBytes size of the whole shard as its keeper says
 * @param bytes the piece; not to be changed
 * @param path siblings from the piece up to the root
 */
@SuppressWarnings("ArrayRecordComponent") // Bulk bytes: compared by their proof, never as values.
public record ProvenPiece(long shardBytes, byte[] bytes, List<Hash> path) {
  /** Whether this is piece {@code index} of the shard with this root and size. */
  public boolean proves(Hash root, long size, int index) {
    return shardBytes == size && ShardTree.proves(root, size, index, bytes, path);
  }
}
