package org.undchain.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kept corpus, crashes of the past among it, and what chance makes of it, at every door. */
@Tag("slow")
class KeptCorpusTest {
  private static final Path KEPT = Path.of("corpus");
  private static final int CHANGES_EACH = 20;

  static List<Doors.Named> doors() {
    return Doors.ALL;
  }

  @ParameterizedTest
  @MethodSource("doors")
  void nothingOfItBreaksADoor(Doors.Named named) throws Exception {
    Door door = named.open();
    List<Path> files = files(KEPT.resolve(named.name()));
    assertThat(files).as("corpus of %s", named.name()).isNotEmpty();
    long seed = 1;
    for (Path file : files) {
      byte[] kept = Files.readAllBytes(file);
      enter(door, kept, file + " as it is");
      for (int i = 0; i < CHANGES_EACH; i++) {
        byte[] changed = changed(kept, new SplittableRandom(seed));
        enter(door, changed, file + " changed by seed " + seed++);
      }
    }
  }

  private static void enter(Door door, byte[] bytes, String what) {
    try {
      Allocation.enter(door, bytes);
    } catch (Exception | AssertionError | StackOverflowError broken) {
      throw new AssertionError(what, broken);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  private static byte[] changed(byte[] kept, SplittableRandom random) {
    byte[] out = kept.clone();
    for (int i = random.nextInt(3); i >= 0 && out.length > 0; i--) {
      out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return random.nextInt(4) == 0 && out.length > 0
        ? java.util.Arrays.copyOf(out, random.nextInt(out.length))
        : out;
  }
}
