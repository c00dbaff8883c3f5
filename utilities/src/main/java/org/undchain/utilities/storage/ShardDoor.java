package org.undchain.utilities.storage;

import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The way to a partner that takes shards under one contract. */
public interface ShardDoor {
  NodeId partner();

  /**
   * Which shard of the object belongs behind this door: no two doors of one object have the same,
   * and a door has the same one after a restart. Known once something was opened here.
   */
  int shard();

  /**
   * Announces a shard whose root its last byte will tell; the partner has reserved the room on
   * return. What it has of the shard from an earlier upload is not sent again.
   */
  ShardSink open(long size) throws StorageException, InterruptedException;

  /** Announces a shard under its root. */
  ShardSink open(long size, Hash root) throws StorageException, InterruptedException;
}
