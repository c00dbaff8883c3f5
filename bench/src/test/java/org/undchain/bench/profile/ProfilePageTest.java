package org.undchain.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Bytes;

/** A recording of work that is known, read back. */
class ProfilePageTest {
  private static final long MILLIS = 700;

  @Test
  void theWorkOfOurCodeIsFoundInTheRecording(@TempDir Path folder) throws Exception {
    Path recording = folder.resolve("work.jfr");
    try (Profile profile = Profile.start(recording)) {
      hashes();
      force(folder.resolve("forced"));
      System.gc();
      profile.stop(new Work(100, 4, 7));
    }
    List<String> page = ProfilePage.read(recording);
    assertThat(page.getFirst()).startsWith("profile of ").contains(" 100 jobs, 4 validators");
    assertThat(page)
        .anyMatch(line -> line.matches(" .*%  core\\.crypto\\.Hashes\\..*"))
        .anyMatch(line -> line.matches(" .*%.* B/job  .*"))
        .anyMatch(line -> line.matches("collections: [1-9].*"))
        .anyMatch(line -> line.matches("forces of files: 1 by Java, .* 7 groups.*"));
    assertThat(page).filteredOn(line -> line.endsWith("under, with all that it calls")).hasSize(1);
  }

  @Test
  void aThreadIsReadWhateverItIsCalled() {
    String line = "77 (a) (b c) S 1 2 3 4 -1 5 6 7 8 9 120 30 0 0 20 0 9 0 1 2 3";
    assertThat(ThreadTimes.parse(line)).isEqualTo(new ThreadTimes.Used("a) (b c", 1500));
  }

  @Test
  void whatAThreadUsedBeforeIsNotCounted() {
    ThreadTimes before = new ThreadTimes(Map.of(1L, new ThreadTimes.Used("loop-a", 400)));
    ThreadTimes after =
        new ThreadTimes(
            Map.of(
                1L, new ThreadTimes.Used("loop-a", 1000),
                2L, new ThreadTimes.Used("net-1", 30)));
    assertThat(after.since(before).values())
        .containsExactly(new ThreadTimes.Used("loop-a", 600), new ThreadTimes.Used("net-1", 30));
  }

  @Test
  void threadsAreGroupedByTheirNames() {
    assertThat(CpuGroup.of("loop-load")).isEqualTo(CpuGroup.LOAD);
    assertThat(CpuGroup.of("loop-validator1")).isEqualTo(CpuGroup.LOOPS);
    assertThat(CpuGroup.of("C2 CompilerThre")).isEqualTo(CpuGroup.COMPILER);
    assertThat(CpuGroup.of("GC Thread#1")).isEqualTo(CpuGroup.COLLECTOR);
    assertThat(CpuGroup.of("VM Thread")).isEqualTo(CpuGroup.OTHERS);
  }

  private static void hashes() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
    Bytes text = Bytes.wrap(new byte[64]);
    while (System.nanoTime() < end) {
      for (int i = 0; i < 1000; i++) {
        text = Hashes.tagged("profile", text).bytes();
      }
    }
    assertThat(text.size()).isEqualTo(32);
  }

  private static void force(Path file) throws java.io.IOException {
    Files.write(file, new byte[16]);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
