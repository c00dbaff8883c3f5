package org.undchain.utilities.storage;

import org.undchain.core.value.Hash;

/** A shard on its way to a partner. */
public interface ShardSink extends AutoCloseable {
  /** Sends the next piece; waits while the partner is behind or unpaid. */
  void write(byte[] piece) throws StorageException, InterruptedException;

  /** Returns when the partner has the shard on disk under this root. */
  void finish(Hash root) throws StorageException, InterruptedException;

  /** Gives up, unless finished. */
  @Override
  void close();
}
