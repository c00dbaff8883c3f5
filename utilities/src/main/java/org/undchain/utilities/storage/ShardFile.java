package org.undchain.utilities.storage;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The file of a shard, written once from its beginning to its end.
 *
 * <p>Whole pieces go past the kernel's cache where the file system lets them (O_DIRECT): nobody
 * reads a shard right after it came, and pages for it cost more time of a core than all the rest of
 * taking it, and push out what others read. Short ones go through it.
 */
final class ShardFile implements Closeable {
  private final Disk disk;
  private final BlockBuffers buffers;
  private final FileChannel cached;
  private final Optional<FileChannel> direct;
  private long size;

  private ShardFile(
      Disk disk, BlockBuffers buffers, FileChannel cached, Optional<FileChannel> direct) {
    this.disk = disk;
    this.buffers = buffers;
    this.cached = cached;
    this.direct = direct;
  }

  /**
   * A new file.
   *
   * @param size of the shard
   */
  static ShardFile create(Path file, long size, Disk disk, BlockBuffers buffers)
      throws IOException {
    FileChannel cached =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    boolean hasPieces = size >= ShardTree.PIECE_BYTES && buffers.fitsPiece();
    return new ShardFile(disk, buffers, cached, hasPieces ? direct(file) : Optional.empty());
  }

  private static Optional<FileChannel> direct(Path file) {
    try {
      return Optional.of(
          FileChannel.open(file, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT));
    } catch (IOException | UnsupportedOperationException cachedOnly) {
      return Optional.empty(); // not every file system can
    }
  }

  /** Adds bytes at the end. */
  void append(byte[] bytes) throws IOException {
    if (direct.isPresent() && bytes.length == ShardTree.PIECE_BYTES && isAtPiece()) {
      buffers.write(disk, direct.get().position(size), bytes);
    } else {
      disk.write(cached.position(size), ByteBuffer.wrap(bytes));
    }
    size += bytes.length;
  }

  private boolean isAtPiece() {
    return size % ShardTree.PIECE_BYTES == 0;
  }

  /** Makes all of it durable. */
  void force() throws IOException {
    cached.force(true);
  }

  @Override
  public void close() throws IOException {
    try (FileChannel first = cached) {
      if (direct.isPresent()) {
        direct.get().close();
      }
    }
  }
}
