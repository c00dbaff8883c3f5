package org.undchain.utilities.storage;

import org.undchain.core.value.NodeId;

/** The way to a partner that takes shards under one contract. */
public interface ShardDoor {
  NodeId partner();

  /** Announces a shard of {@code size} bytes; the partner has reserved the room on return. */
  ShardSink open(long size) throws StorageException, InterruptedException;
}
