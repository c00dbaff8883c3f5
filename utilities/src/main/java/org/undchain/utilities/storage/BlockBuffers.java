package org.undchain.utilities.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Room for whole pieces on their way past the kernel's cache: memory that begins where blocks of
 * the disk do. A heap array would be copied into fresh memory at each write.
 *
 * <p>However many uploads are open, as many pieces are written at a time as there are buffers.
 */
final class BlockBuffers {
  private static final int MOST = 8;

  private final int block;
  private final Semaphore left = new Semaphore(MOST);
  private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

  private BlockBuffers(int block) {
    this.block = block;
  }

  /** For the file system that holds {@code folder}. */
  static BlockBuffers of(Path folder) throws IOException {
    return new BlockBuffers(Math.toIntExact(Files.getFileStore(folder).getBlockSize()));
  }

  /** Whether a piece is a number of blocks. */
  boolean fitsPiece() {
    return ShardTree.PIECE_BYTES % block == 0;
  }

  /** Writes a whole piece at the position of a channel that was opened for direct writes. */
  void write(Disk disk, FileChannel channel, byte[] piece) throws IOException {
    try {
      left.acquire();
    } catch (InterruptedException given) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted before a piece was written");
    }
    try {
      ByteBuffer buffer = Optional.ofNullable(free.poll()).orElseGet(this::fresh);
      disk.write(channel, buffer.clear().put(piece).flip());
      free.add(buffer);
    } finally {
      left.release(); // also where there is no memory for a fresh one
    }
  }

  private ByteBuffer fresh() {
    ByteBuffer room = ByteBuffer.allocateDirect(ShardTree.PIECE_BYTES + block);
    return room.alignedSlice(block).slice(0, ShardTree.PIECE_BYTES);
  }
}
