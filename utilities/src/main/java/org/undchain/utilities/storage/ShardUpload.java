package org.undchain.utilities.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.value.Hash;

/**
 * A shard on its way to the disk: its room is reserved, and it has no name before all its bytes are
 * durable and hash to the root that was claimed.
 */
public final class ShardUpload implements AutoCloseable {
  private final ShardStore store;
  private final Path file;
  private final long size;
  private final ShardFile bytes;
  private final ShardHasher hasher = new ShardHasher();
  private final List<Hash> pieces = new ArrayList<>();
  private boolean isOpen = true;

  ShardUpload(ShardStore store, Path file, long size) throws IOException {
    this.store = store;
    this.file = file;
    this.size = size;
    this.bytes = ShardFile.create(file, size, store.disk(), store.buffers());
  }

  /** Bytes announced. */
  public long size() {
    return size;
  }

  /** Bytes taken so far. */
  public long taken() {
    return hasher.size();
  }

  /** Takes the next piece: {@link ShardTree#PIECE_BYTES} bytes, or what is left. */
  public void take(byte[] piece) throws StorageException {
    if (piece.length > size - taken()) {
      throw new StorageException(StorageReason.TOO_LARGE, size + " bytes were announced");
    }
    if (piece.length == 0 || piece.length != ShardTree.pieceLength(size, pieces.size())) {
      throw new StorageException(StorageReason.TRUNCATED, "a piece of " + piece.length + " bytes");
    }
    write(piece);
    pieces.add(hasher.add(piece));
  }

  /**
   * Makes the shard durable under its root and keeps it to the end of {@code keepUntilSlot}.
   *
   * @return whether somebody had brought it before
   */
  public boolean commit(Hash claimed, long keepUntilSlot) throws StorageException {
    if (taken() != size) {
      throw new StorageException(StorageReason.TRUNCATED, taken() + " of " + size + " bytes came");
    }
    if (keepUntilSlot < 0 || keepUntilSlot > ShardStore.SLOT_MAX) {
      throw new StorageException(StorageReason.REFUSED, "no shard is kept to " + keepUntilSlot);
    }
    Hash root = hasher.root();
    if (!root.equals(claimed)) {
      throw new StorageException(StorageReason.BAD_ROOT, root + " came, " + claimed + " claimed");
    }
    ByteBuffer hashes = ByteBuffer.allocate(pieces.size() * Hash.SIZE);
    pieces.forEach(piece -> hashes.put(piece.bytes().unsafeArray()));
    write(hashes.array());
    boolean wasKept;
    try {
      bytes.force();
      bytes.close();
      wasKept = store.adopt(file, root, size, keepUntilSlot);
    } catch (IOException failure) {
      throw store.failed("cannot keep a shard", failure);
    }
    isOpen = false;
    store.release(size);
    return wasKept;
  }

  /** Gives the room back and forgets the bytes, unless the shard was committed. */
  @Override
  public void close() throws StorageException {
    if (!isOpen) {
      return;
    }
    isOpen = false;
    store.release(size);
    try {
      bytes.close();
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw store.failed("cannot clear an upload away", failure);
    }
  }

  private void write(byte[] next) throws StorageException {
    try {
      bytes.append(next);
    } catch (IOException failure) {
      throw store.failed("cannot write a shard", failure);
    }
  }
}
