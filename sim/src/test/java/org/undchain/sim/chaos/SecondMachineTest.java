package org.undchain.sim.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.sim.Main;
import org.undchain.sim.Options;

/** A seed is one run on every machine (S26): nothing of the JVM, the host or the threads shows. */
class SecondMachineTest {
  private static final List<String> SEEDS =
      List.of("--seed", "11", "--seeds", "3", "--chaos", "60", "--entries", "60", "--hashes");
  private static final long PATIENCE_SECONDS = 900; // only a hang takes so long

  @TempDir Path folder;

  @Test
  @Tag("slow")
  @Tag("S26")
  void threeSeedsOfChaosHaveTheSameTraceUnderAnotherLocaleZoneCollectorHashSeedAndThreadCount()
      throws IOException, InterruptedException {
    ByteArrayOutputStream here = new ByteArrayOutputStream();
    Sim.run(Options.of(SEEDS, Sim.OPTIONS), new PrintStream(here, true, StandardCharsets.US_ASCII));
    List<String> traces = traces(here.toString(StandardCharsets.US_ASCII).lines().toList());
    assertThat(traces).hasSize(3).doesNotHaveDuplicates();
    assertThat(traces(elsewhere())).isEqualTo(traces);
  }

  private static List<String> traces(List<String> lines) {
    return lines.stream().filter(line -> line.contains(": trace ")).toList();
  }

  private List<String> elsewhere() throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Duser.timezone=Pacific/Apia",
                "-Dfile.encoding=COMPAT",
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:hashCode=2",
                "-XX:+UseParallelGC",
                "-Xmx768m",
                "-ea:org.undchain...",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "sim"));
    command.addAll(SEEDS);
    command.addAll(List.of("--threads", "1"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.redirectOutput(said.toFile()).start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(said, StandardCharsets.US_ASCII);
  }
}
