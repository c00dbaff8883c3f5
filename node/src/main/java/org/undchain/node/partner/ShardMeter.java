package org.undchain.node.partner;

import org.undchain.utilities.storage.StorageReason;

/** What a partner counts at its shard door. Called by any thread. */
public interface ShardMeter {
  /** Counts nothing. */
  ShardMeter NONE = new ShardMeter() {};

  /** Bytes of a shard came and are on disk. */
  default void taken(int bytes) {}

  /** Bytes of a shard went out. */
  default void served(int bytes) {}

  /** A call ended with this reason. */
  default void refused(StorageReason reason) {}
}
