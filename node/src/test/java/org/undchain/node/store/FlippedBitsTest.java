package org.undchain.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.undchain.node.store.Records.OWNER;
import static org.undchain.node.store.Records.block;
import static org.undchain.node.store.Records.closed;
import static org.undchain.node.store.Records.lane;
import static org.undchain.node.store.Records.prevote;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.BlockTime;
import org.undchain.node.store.SigningGuard.Memory;

/**
 * Fault case 36: one bit flips anywhere in the files of a validator that is off. It refuses to
 * start, or it knows everything, or it knows that it may have forgotten something. Never does it
 * hold another state, and never does it sign a second time.
 */
@Tag("R4.40")
@Tag("R4.41")
@Tag("case-36")
@Tag("slow")
class FlippedBitsTest {
  private static final BlockTime NOW = new BlockTime(7);
  private static final int HEIGHTS = 60;
  private static final int LIVES = 3;

  @TempDir private Path folder;

  private enum Outcome {
    REFUSED,
    SAME,
    FORGETFUL
  }

  @Test
  void aSampleOfFlipsIsRefusedRepairedOrKnown() throws IOException {
    assertThat(flip(120, 1)).containsKeys(Outcome.REFUSED, Outcome.SAME);
  }

  @Test
  @Tag("slow")
  void aThousandFlipsAreRefusedRepairedOrKnown() throws IOException {
    assertThat(flip(1000, 2)).containsKeys(Outcome.values());
  }

  private Map<Outcome, Integer> flip(int count, long seed) throws IOException {
    Path good = folder.resolve("good");
    List<LogRecord> written = write(good);
    List<Path> files = files(good);
    long all = files.stream().mapToLong(file -> file.toFile().length()).sum();
    SplittableRandom random = new SplittableRandom(seed);
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    for (int i = 0; i < count; i++) {
      // half of them fall evenly on the bytes, half on the files, so that small ones are hit, too
      long at = random.nextLong(all);
      Path file = files.get(random.nextInt(files.size()));
      if (random.nextBoolean()) {
        file = files.getFirst();
        for (Path next : files) {
          file = next;
          if (at < next.toFile().length()) {
            break;
          }
          at -= next.toFile().length();
        }
      } else {
        at = random.nextLong(file.toFile().length());
      }
      Path copy = folder.resolve("copy");
      delete(copy);
      copy(good, copy);
      int bit = random.nextInt(Byte.SIZE);
      flipBit(copy.resolve(good.relativize(file).toString()), at, bit);
      String where =
          "seed " + seed + " flip " + i + ": bit " + bit + " of byte " + at + " of " + file;
      outcomes.merge(judge(copy, written, where), 1, Integer::sum);
    }
    return outcomes;
  }

  private static Outcome judge(Path data, List<LogRecord> written, String where)
      throws IOException {
    try (Journal journal = Journal.open(data, OWNER)) {
      List<LogRecord> read = journal.store().recover().records();
      if (journal.memory() instanceof Memory.Amnesia) {
        assertThat(read).as(where).isEqualTo(written.subList(0, read.size()));
        return Outcome.FORGETFUL;
      }
      assertThat(read).as(where).isEqualTo(written);
      for (int height = 1; height <= HEIGHTS; height++) {
        assertThat(journal.store().block(height)).as(where).contains(block(height).getBlock());
      }
      assertThatThrownBy(() -> journal.commit(List.of(prevote(HEIGHTS, 99)), NOW))
          .as(where)
          .isInstanceOf(StoreException.class);
      return Outcome.SAME;
    } catch (StoreException refused) {
      assertThat(refused.why()).as(where).isNotNull();
      assertThat(refused.getMessage()).as(where).isNotBlank();
      return Outcome.REFUSED;
    }
  }

  /** Several lives, the last of which ends without a farewell: tables and a log that is in use. */
  private List<LogRecord> write(Path data) throws IOException {
    Path working = folder.resolve("working");
    Journal.initialise(working, OWNER);
    List<LogRecord> written = new ArrayList<>();
    int height = 1;
    for (int life = 1; life <= LIVES; life++) {
      try (Journal journal = Journal.open(working, OWNER)) {
        for (; height <= HEIGHTS * life / LIVES; height++) {
          List<LogRecord> group =
              List.of(
                  lane(height, 0, height), prevote(height, height), closed(height), block(height));
          journal.commit(group, NOW.plusMillis(height));
          written.addAll(group);
        }
        if (life == LIVES) {
          copy(working, data); // as kill -9 leaves it
        }
      }
    }
    return written;
  }

  private static void flipBit(Path file, long at, int bit) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      int there = open.read();
      open.seek(at);
      open.write(there ^ (1 << bit));
    }
  }

  private static List<Path> files(Path place) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      return all.filter(file -> file.toFile().isFile() && file.toFile().length() > 0)
          .sorted()
          .toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static void delete(Path place) throws IOException {
    if (Files.exists(place)) {
      try (Stream<Path> all = Files.walk(place)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
