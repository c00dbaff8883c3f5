package org.undchain.utilities.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole pieces past the cache and short ones through it make one file. */
class ShardFileTest {
  @TempDir Path folder;

  @Test
  void piecesOfEverySizeStandOneBehindTheOther() throws IOException {
    int piece = ShardTree.PIECE_BYTES;
    for (List<Integer> sizes :
        List.of(
            List.of(piece, piece, piece),
            List.of(piece, piece, 1, 32 * 3),
            List.of(piece - 1, 32),
            List.of(100, piece, 7, piece - 107, piece, 5))) {
      Path file = folder.resolve("shard-" + sizes.hashCode());
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try (ShardFile shard =
          ShardFile.create(file, 10_000_000, Disk.REAL, BlockBuffers.of(folder))) {
        Random random = new Random(sizes.hashCode());
        for (int size : sizes) {
          byte[] bytes = new byte[size];
          random.nextBytes(bytes);
          shard.append(bytes);
          all.write(bytes);
        }
        shard.force();
      }
      assertThat(Files.readAllBytes(file)).as("%s", sizes).isEqualTo(all.toByteArray());
    }
  }

  /** A disk may take a part of what it was given: only blocks can follow a block. */
  @Test
  void aDiskThatTakesAPartGetsTheRest() throws IOException {
    Disk slow =
        new Disk() {
          @Override
          public void write(FileChannel file, ByteBuffer bytes) throws IOException {
            int end = bytes.limit();
            while (bytes.position() < end) {
              bytes.limit(Math.min(end, bytes.position() + (64 << 10)));
              Disk.REAL.write(file, bytes);
            }
          }

          @Override
          public long usableBytes(Path at) throws IOException {
            return Disk.REAL.usableBytes(at);
          }
        };
    byte[] bytes = new byte[ShardTree.PIECE_BYTES];
    new Random(3).nextBytes(bytes);
    Path file = folder.resolve("shard");
    try (ShardFile shard = ShardFile.create(file, 10_000_000, slow, BlockBuffers.of(folder))) {
      shard.append(bytes);
      shard.append(bytes);
    }
    assertThat(Files.readAllBytes(file))
        .hasSize(2 * bytes.length)
        .startsWith(bytes)
        .endsWith(bytes);
  }
}
