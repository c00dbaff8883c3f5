package org.undchain.bench.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Bytes a second into a new file until the disk has them, the best of some rounds. */
final class DiskSpeed {
  private static final int BLOCK = 256 << 10;
  private static final long BYTES = 256L << 20;

  private DiskSpeed() {}

  static double measure(Path folder, int rounds) throws IOException {
    byte[] bytes = new byte[BLOCK];
    new Random(1).nextBytes(bytes);
    double best = 0;
    for (int round = 0; round < rounds; round++) {
      best = Math.max(best, round(folder.resolve("limit"), ByteBuffer.wrap(bytes)));
    }
    return best;
  }

  private static double round(Path file, ByteBuffer block) throws IOException {
    long begin = System.nanoTime();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long done = 0; done < BYTES; done += BLOCK) {
        block.clear();
        while (block.hasRemaining()) {
          channel.write(block);
        }
      }
      channel.force(true);
    }
    long forced = System.nanoTime();
    Files.delete(file);
    return BYTES * 1e9 / (forced - begin);
  }
}
