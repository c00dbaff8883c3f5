package org.undchain.node.partner;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.undchain.core.message.Contract;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.partner.SeatNotes.Brought;
import org.undchain.utilities.storage.ObjectLayout;
import org.undchain.utilities.storage.ShardStore;
import org.undchain.utilities.storage.ShardTree;
import org.undchain.utilities.storage.ShardUpload;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/**
 * One running seat at the edge: the shards it has brought, the one that is coming, and how far
 * credit goes.
 *
 * <p>Units count the bytes that came: kept, coming, or thrown away because the client changed its
 * mind. An upload that is cut off goes on where it was, and what a crash of this side lost is not
 * counted, so neither costs the client anything. Uploads are touched under the lock; credit comes
 * on the machine's thread and never waits for a disk.
 */
final class StorageSeat {
  /** Bytes of one unit. */
  static final long UNIT_BYTES = 1L << 20;

  /** Shards of one seat: the shard, its manifest, and what a change of mind may add. */
  static final int SHARDS_MAX = 16;

  private final Hash contractId;
  private final NodeId client;
  private final long unitsMax;
  private final long keepUntilSlot;
  private final SeatNotes notes;
  private final Map<Hash, Brought> shards = new TreeMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
  private volatile long allowedUnits;
  private volatile long usedBytes;
  private long wastedBytes;
  private @Nullable ShardUpload upload;
  private @Nullable ShardPut holder;
  private boolean isOver;

  StorageSeat(Hash contractId, Contract contract, SeatNotes notes) throws StorageException {
    this.contractId = contractId;
    this.client = NodeId.of(contract.getClient());
    this.unitsMax = contract.getMaxAmount() / Math.max(1, contract.getUnitPrice());
    this.keepUntilSlot = contract.getKeepUntilSlot();
    this.notes = notes;
    shards.putAll(notes.read(contractId));
    usedBytes = keptBytes();
  }

  Hash contractId() {
    return contractId;
  }

  NodeId client() {
    return client;
  }

  /** Units that are taken, counting a begun one whole. */
  long usedUnits() {
    return unitsOf(usedBytes);
  }

  /** Compared as units: a contract may pay for more of them than there are numbers of bytes. */
  private static long unitsOf(long bytes) {
    return Math.ceilDiv(bytes, UNIT_BYTES);
  }

  /** Bytes that are announced and not here yet. */
  long comingBytes() {
    lock.lock();
    try {
      return upload == null ? 0 : upload.size() - upload.taken();
    } finally {
      lock.unlock();
    }
  }

  /** Credit up to this many units; wakes whoever waits for it. */
  void allow(long units) {
    allowedUnits = units;
    Runnable asleep = waiting.getAndSet(null);
    if (asleep != null) {
      asleep.run();
    }
  }

  /** Runs {@code go} once so many more bytes are within credit: now, or when credit comes. */
  void whenCovered(long moreBytes, Runnable go) {
    Runnable again = () -> whenCovered(moreBytes, go);
    if (isCovered(moreBytes)) {
      go.run();
      return;
    }
    waiting.set(again);
    if (isCovered(moreBytes) && waiting.compareAndSet(again, null)) {
      go.run();
    }
  }

  private boolean isCovered(long moreBytes) {
    return unitsOf(usedBytes + moreBytes) <= allowedUnits;
  }

  /** What becomes of a shard that is announced. */
  sealed interface Beginning {
    /** It is here already. */
    record Kept(Hash root) implements Beginning {}

    /** It is coming, perhaps not from its first byte. */
    record Coming(ShardUpload upload) implements Beginning {}
  }

  /**
   * Makes {@code put} the one call that brings bytes; an earlier one is superseded, what it brought
   * is gone on with if the size is the same.
   */
  Beginning begin(ShardPut put, ShardStore store, long size, Optional<Hash> root)
      throws StorageException {
    lock.lock();
    try {
      supersede(put);
      Optional<Hash> kept = kept(store, size, root);
      if (kept.isPresent()) {
        return new Beginning.Kept(kept.get());
      }
      if (isOver) {
        throw new StorageException(StorageReason.NO_CONTRACT, "the seat is over");
      }
      ShardUpload going = upload;
      if (going != null && going.size() == size) {
        return new Beginning.Coming(going);
      }
      discard();
      if (size > ObjectLayout.SHARD_MAX) {
        throw new StorageException(StorageReason.TOO_LARGE, "no shard has " + size + " bytes");
      }
      if (shards.size() >= SHARDS_MAX || size < 1 || unitsOf(usedBytes + size) > unitsMax) {
        throw new StorageException(
            StorageReason.UNPAID, "the contract pays for " + unitsMax + " MiB");
      }
      ShardUpload fresh = store.begin(size);
      upload = fresh;
      return new Beginning.Coming(fresh);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The shard of this root; of a client that does not know its root any more, the one of this size.
   * Those of one piece are too small to be told from each other by size, and to be worth it.
   */
  private Optional<Hash> kept(ShardStore store, long size, Optional<Hash> root) {
    return shards.entrySet().stream()
        .filter(shard -> root.map(shard.getKey()::equals).orElse(size > ShardTree.PIECE_BYTES))
        .filter(shard -> shard.getValue().bytes() == size && store.isKept(shard.getKey()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private void supersede(ShardPut put) {
    ShardPut before = holder;
    if (before != null && before != put) {
      before.superseded();
    }
    holder = put;
  }

  /** Takes a piece of the upload that {@code put} brings; how many bytes it has now. */
  long take(ShardPut put, long offset, byte[] piece) throws StorageException {
    lock.lock();
    try {
      ShardUpload to = held(put);
      if (offset != to.taken()) {
        throw new StorageException(
            StorageReason.REFUSED, "offset " + offset + ", " + to.taken() + " bytes are here");
      }
      if (!isCovered(piece.length)) {
        throw new StorageException(StorageReason.UNPAID, usedUnits() + " MiB are taken");
      }
      to.take(piece);
      usedBytes = keptBytes() + wastedBytes + to.taken();
      return to.taken();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The shard is whole: makes it durable under its root. A wrong root costs the whole upload.
   *
   * @return its bytes
   */
  long commit(ShardPut put, Hash root) throws StorageException {
    lock.lock();
    try {
      ShardUpload whole = held(put);
      long size = whole.size();
      boolean wasKept;
      try {
        wasKept = whole.commit(root, keepUntilSlot);
      } catch (StorageException failure) {
        discard();
        throw failure;
      }
      upload = null;
      if (shards.containsKey(root)) {
        wastedBytes += size; // it was here already, but it came
      } else {
        shards.put(root, new Brought(size, wasKept));
      }
      notes.write(contractId, shards);
      return size;
    } finally {
      lock.unlock();
    }
  }

  private ShardUpload held(ShardPut put) throws StorageException {
    ShardUpload held = upload;
    if (held == null || holder != put) {
      throw new StorageException(StorageReason.NO_CONTRACT, "another call goes on with this seat");
    }
    return held;
  }

  /**
   * Nothing more comes: what was half here goes.
   *
   * @return what it has brought
   */
  Map<Hash, Brought> end() throws StorageException {
    lock.lock();
    try {
      isOver = true;
      ShardPut before = holder;
      if (before != null) {
        before.superseded();
      }
      discard();
      return new TreeMap<>(shards);
    } finally {
      lock.unlock();
    }
  }

  /** All that was to be done for its end is done. */
  void forget() throws StorageException {
    notes.forget(contractId);
  }

  /**
   * Who else brought this shard is over.
   *
   * @param isAgain it was paid for, so that this seat does not answer for it any more
   * @return whether this seat has brought it, too
   */
  boolean takeOver(Hash root, boolean isAgain) throws StorageException {
    lock.lock();
    try {
      Brought shard = shards.get(root);
      if (shard == null) {
        return false;
      }
      shards.put(root, new Brought(shard.bytes(), isAgain));
      notes.write(contractId, shards);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void discard() throws StorageException {
    ShardUpload half = upload;
    upload = null; // what came of it stays counted
    if (half != null) {
      wastedBytes += half.taken();
      half.close();
    }
  }

  private long keptBytes() {
    return shards.values().stream().mapToLong(Brought::bytes).sum();
  }
}
