package org.undchain.utilities.storage;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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
  private final FileChannel cached;
  private final Optional<Direct> direct;
  private long size;

  /**
   * The way past the cache.
   *
   * @param piece room for one, where the disk's blocks begin: a heap array would be copied into
   *     fresh memory at each write
   */
  private record Direct(FileChannel channel, Arena memory, ByteBuffer piece) implements Closeable {
    static Optional<Direct> open(Path file) {
      try {
        long block = Files.getFileStore(file).getBlockSize();
        if (ShardTree.PIECE_BYTES % block != 0) {
          return Optional.empty();
        }
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
        Arena memory = Arena.ofShared();
        return Optional.of(
            new Direct(
                channel, memory, memory.allocate(ShardTree.PIECE_BYTES, block).asByteBuffer()));
      } catch (IOException | UnsupportedOperationException cachedOnly) {
        return Optional.empty(); // not every file system can
      }
    }

    ByteBuffer filled(byte[] bytes) {
      return piece.clear().put(bytes).flip();
    }

    @Override
    public void close() throws IOException {
      try {
        channel.close();
      } finally {
        memory.close();
      }
    }
  }

  private ShardFile(Disk disk, FileChannel cached, Optional<Direct> direct) {
    this.disk = disk;
    this.cached = cached;
    this.direct = direct;
  }

  /** A new file. */
  static ShardFile create(Path file, Disk disk) throws IOException {
    FileChannel cached =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new ShardFile(disk, cached, Direct.open(file));
  }

  /** Adds bytes at the end. */
  void append(byte[] bytes) throws IOException {
    if (direct.isPresent() && bytes.length == ShardTree.PIECE_BYTES && isAtPiece()) {
      Direct past = direct.get();
      disk.write(past.channel().position(size), past.filled(bytes));
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
