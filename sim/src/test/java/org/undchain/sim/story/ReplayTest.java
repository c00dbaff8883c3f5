package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.LogRecord;
import org.undchain.sim.Scenario;

/** The same history has the same roots wherever Java runs. */
class ReplayTest {
  private static final long PATIENCE_SECONDS = 600; // only a hang takes so long

  @TempDir Path folder;

  @Test
  @Tag("slow")
  @Tag("I9")
  @Tag("I15")
  void aSecondMachineWithAnotherLocaleTimeZoneCharsetCollectorAndHashSeedComesToTheSameRoots()
      throws IOException, InterruptedException {
    Scenario story = Replay.play();
    assertThat(story.chronicle().payouts()).hasSize(2);
    assertThat(story.chronicle().payouts().getFirst().getJobsCount()).isPositive();
    assertThat(story.chronicle().payouts().getFirst().getTransfersCount()).isPositive();
    assertThat(story.payouts().rebuilt()).isEqualTo(2 * Replay.PERIOD_SLOTS * 4);
    assertThat(
            story.chronicle().blocks().stream()
                .flatMap(block -> block.results().stream())
                .map(result -> result.result()))
        .containsOnly(EntryResult.ENTRY_RESULT_OK);

    List<LogRecord> log = story.simulation().disk(story.validator(0)).records();
    List<String> expected = new ArrayList<>(Replay.executed(log));
    assertThat(expected).hasSizeGreaterThan((int) (2 * Replay.PERIOD_SLOTS));
    expected.add(Replay.played(story));
    Path recorded = folder.resolve("log");
    Replay.write(recorded, log);
    assertThat(elsewhere(recorded)).isEqualTo(expected);
  }

  private List<String> elsewhere(Path recorded) throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Duser.language=tr",
            "-Duser.country=TR",
            "-Duser.timezone=Pacific/Apia",
            "-Dfile.encoding=COMPAT",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:hashCode=2",
            "-XX:+UseParallelGC",
            "-Xmx512m",
            "-ea:org.undchain...",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Replay.class.getName(),
            recorded.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.redirectOutput(said.toFile()).start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(said, StandardCharsets.US_ASCII);
    assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
    return lines;
  }
}
