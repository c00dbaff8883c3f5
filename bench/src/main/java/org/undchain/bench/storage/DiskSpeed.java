package org.undchain.bench.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * Bytes a second into a new file, the best of some rounds.
 *
 * @param written until the kernel has them, on one core
 * @param forced until the disk has them
 */
record DiskSpeed(double written, double forced) {
  private static final int BLOCK = 256 << 10;
  private static final long BYTES = 256L << 20;

  static DiskSpeed measure(Path folder, int rounds) throws IOException {
    byte[] bytes = new byte[BLOCK];
    new Random(1).nextBytes(bytes);
    DiskSpeed best = new DiskSpeed(0, 0);
    for (int round = 0; round < rounds; round++) {
      DiskSpeed speed = round(folder.resolve("limit"), ByteBuffer.wrap(bytes));
      best =
          new DiskSpeed(
              Math.max(best.written(), speed.written()), Math.max(best.forced(), speed.forced()));
    }
    return best;
  }

  private static DiskSpeed round(Path file, ByteBuffer block) throws IOException {
    long begin = System.nanoTime();
    long written;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long done = 0; done < BYTES; done += BLOCK) {
        block.clear();
        while (block.hasRemaining()) {
          channel.write(block);
        }
      }
      written = System.nanoTime();
      channel.force(true);
    }
    long forced = System.nanoTime();
    Files.delete(file);
    return new DiskSpeed(BYTES * 1e9 / (written - begin), BYTES * 1e9 / (forced - begin));
  }
}
