package org.undchain.utilities.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.value.Hash;

/**
 * The shards on a partner's disk, each under the name of its root, within a quota.
 *
 * <p>A shard is written to {@code incoming}, forced to disk, and renamed into {@code shards}; what
 * a crash left in {@code incoming} is deleted at the next start. A file holds the shard and after
 * it the hashes of its pieces, so that every read is verified without reading the rest.
 */
public final class ShardStore implements AutoCloseable {
  /** Shards beyond this many are refused, so that the index fits into memory. */
  public static final int SHARDS_MAX = 1_000_000;

  /** Slots beyond this one are refused: they fit into no file name. */
  public static final long SLOT_MAX = 999_999_999_999_999_999L;

  /** Bytes on disk that no shard may take, so that the node's own log goes on. */
  static final long DISK_MARGIN = 64L << 20;

  private final Path shards;
  private final Path incoming;
  private final long quotaBytes;
  private final Disk disk;
  private final BlockBuffers buffers;
  private final FileChannel lock;
  private final TreeCache trees = new TreeCache();
  private final Map<Hash, Kept> index = new TreeMap<>();
  private long usedBytes;
  private long reservedBytes;
  private long uploads;

  /** A shard on disk. */
  record Kept(Path file, long size, long keepUntilSlot) {}

  private ShardStore(
      Path folder, long quotaBytes, Disk disk, BlockBuffers buffers, FileChannel lock) {
    this.shards = folder.resolve("shards");
    this.incoming = folder.resolve("incoming");
    this.quotaBytes = quotaBytes;
    this.disk = disk;
    this.buffers = buffers;
    this.lock = lock;
  }

  /** Opens or creates the store in {@code folder} and clears away what a crash left half done. */
  public static ShardStore open(Path folder, long quotaBytes) throws StorageException {
    return open(folder, quotaBytes, Disk.REAL);
  }

  static ShardStore open(Path folder, long quotaBytes, Disk disk) throws StorageException {
    try {
      Files.createDirectories(folder.resolve("shards"));
      Files.createDirectories(folder.resolve("incoming"));
      BlockBuffers buffers = BlockBuffers.of(folder);
      FileChannel lock = locked(folder.resolve("lock"));
      ShardStore store = new ShardStore(folder, quotaBytes, disk, buffers, lock);
      store.recover();
      return store;
    } catch (IOException failure) {
      throw new StorageException(StorageReason.DISK, "cannot open " + folder, failure);
    }
  }

  /**
   * Reserves {@code size} bytes for a shard that is about to come; until the upload is closed
   * nobody else gets them.
   */
  public synchronized ShardUpload begin(long size) throws StorageException {
    if (size < 1 || size > ObjectLayout.SHARD_MAX) {
      throw new StorageException(StorageReason.TOO_LARGE, "no shard has " + size + " bytes");
    }
    if (size > freeBytes() || index.size() >= SHARDS_MAX) {
      throw new StorageException(
          StorageReason.QUOTA, size + " bytes asked, " + freeBytes() + " of the quota left");
    }
    reservedBytes += size;
    boolean isBegun = false;
    try {
      if (disk.usableBytes(incoming) - DISK_MARGIN < reservedBytes) {
        throw new StorageException(StorageReason.NO_SPACE, "no room for " + size + " bytes");
      }
      ShardUpload upload = new ShardUpload(this, incoming.resolve("upload-" + uploads++), size);
      isBegun = true;
      return upload;
    } catch (IOException failure) {
      throw failed("cannot begin a shard", failure);
    } finally {
      if (!isBegun) {
        reservedBytes -= size;
      }
    }
  }

  /** The shard with this root, for reading. */
  public ShardReader read(Hash root) throws StorageException {
    Kept kept;
    synchronized (this) {
      kept = index.get(root);
    }
    if (kept == null) {
      throw new StorageException(StorageReason.NOT_FOUND, "no shard " + root);
    }
    return ShardReader.open(root, kept, trees);
  }

  /** Deletes the shards that nobody pays for in {@code slot} any more; returns how many. */
  public synchronized int expire(long slot) throws StorageException {
    List<Hash> expired = new ArrayList<>();
    index.forEach((root, kept) -> {
      if (kept.keepUntilSlot() < slot) {
        expired.add(root);
      }
    });
    for (Hash root : expired) {
      delete(root);
    }
    return expired.size();
  }

  /** Whether a shard with this root is kept. */
  public synchronized boolean isKept(Hash root) {
    return index.containsKey(root);
  }

  /** Deletes a shard that nobody pays for; nothing happens if it is not kept. */
  public synchronized void drop(Hash root) throws StorageException {
    delete(root);
  }

  public synchronized int count() {
    return index.size();
  }

  public synchronized long usedBytes() {
    return usedBytes;
  }

  /** What is left of the quota after all that is kept and all that is coming. */
  public synchronized long freeBytes() {
    return Math.max(0, quotaBytes - usedBytes - reservedBytes);
  }

  /** What is left of the quota and of the disk, whichever is less. */
  public synchronized long roomBytes() throws StorageException {
    try {
      long usable = disk.usableBytes(incoming) - DISK_MARGIN - reservedBytes;
      return Math.max(0, Math.min(freeBytes(), usable));
    } catch (IOException failure) {
      throw failed("cannot ask the disk for its room", failure);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  Disk disk() {
    return disk;
  }

  BlockBuffers buffers() {
    return buffers;
  }

  synchronized void release(long size) {
    reservedBytes -= size;
  }

  /**
   * Gives the durable file its name; a root that is kept already keeps the later slot.
   *
   * @return whether it was kept already
   */
  synchronized boolean adopt(Path file, Hash root, long size, long keepUntilSlot)
      throws IOException {
    Kept before = index.get(root);
    long slot = before == null ? keepUntilSlot : Math.max(keepUntilSlot, before.keepUntilSlot());
    Path name = shards.resolve(new ShardName(root, slot).text());
    Files.move(file, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (before != null && !before.file().equals(name)) {
      Files.delete(before.file());
    }
    Disk.sync(shards);
    if (before == null) {
      usedBytes += size;
    }
    index.put(root, new Kept(name, size, slot));
    trees.forget(root);
    return before != null;
  }

  /** A failed write, told apart by whether the disk is full. */
  StorageException failed(String what, IOException failure) {
    String words = String.valueOf(failure.getMessage());
    boolean isFull = words.contains("No space left") || words.contains("quota exceeded");
    return new StorageException(
        isFull ? StorageReason.NO_SPACE : StorageReason.DISK, what + ": " + words, failure);
  }

  private void delete(Hash root) throws StorageException {
    Kept kept = index.get(root);
    if (kept == null) {
      return;
    }
    try {
      Files.deleteIfExists(kept.file());
    } catch (IOException failure) {
      throw new StorageException(StorageReason.DISK, "cannot delete " + root, failure);
    }
    index.remove(root);
    trees.forget(root);
    usedBytes -= kept.size();
  }

  private void recover() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(incoming)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    try (DirectoryStream<Path> names = Files.newDirectoryStream(shards)) {
      for (Path file : names) {
        var name = ShardName.parse(file.getFileName().toString());
        if (name.isPresent()) {
          restore(name.get(), file);
        }
      }
    }
  }

  /** A crash between rename and delete leaves one shard under two slots: the later one stays. */
  private void restore(ShardName name, Path file) throws IOException {
    long size = ShardReader.shardBytes(Files.size(file));
    Kept other = index.get(name.root());
    if (other != null) {
      Files.delete(other.keepUntilSlot() < name.keepUntilSlot() ? other.file() : file);
      if (other.keepUntilSlot() >= name.keepUntilSlot()) {
        return;
      }
      usedBytes -= other.size();
    }
    index.put(name.root(), new Kept(file, size, name.keepUntilSlot()));
    usedBytes += size;
  }

  private static FileChannel locked(Path file) throws IOException, StorageException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException inThisProcess) {
      channel.close();
      throw new StorageException(StorageReason.IN_USE, file + " is locked", inThisProcess);
    }
    channel.close();
    throw new StorageException(StorageReason.IN_USE, file + " is locked");
  }
}
