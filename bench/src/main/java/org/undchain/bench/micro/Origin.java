package org.undchain.bench.micro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a row says of where it was measured; "unknown" where the system does not tell. */
record Origin(String commit, String processor) {
  private static final String UNKNOWN = "unknown";
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final long GIT_SECONDS = 10;

  /**
   * @param sources a folder of them
   */
  static Origin of(Path sources) throws InterruptedException {
    return new Origin(commitOf(sources), processorHere());
  }

  /** The history itself may have new rows. */
  private static String commitOf(Path sources) throws InterruptedException {
    Optional<String> commit = git(sources, "rev-parse", "--short=10", "HEAD");
    boolean isChanged =
        git(sources, "diff", "--quiet", "HEAD", "--", ".", ":(exclude)bench/history.csv").isEmpty();
    return commit.map(id -> field(id) + (isChanged ? "-dirty" : "")).orElse(UNKNOWN);
  }

  /** What it says, if it ends well. */
  private static Optional<String> git(Path sources, String... words) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-C", sources.toString()));
    command.addAll(List.of(words));
    try {
      Process git =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor(GIT_SECONDS, TimeUnit.SECONDS) && git.exitValue() == 0
          ? Optional.of(said)
          : Optional.empty();
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  private static String processorHere() {
    try {
      return Files.readAllLines(PROCESSORS, StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> field(line.substring(line.indexOf(':') + 1)))
          .findFirst()
          .orElse(field(System.getProperty("os.arch", UNKNOWN)));
    } catch (IOException unknown) {
      return field(System.getProperty("os.arch", UNKNOWN));
    }
  }

  /** As a field of a row. */
  private static String field(String text) {
    String plain = text.replace(',', ' ').strip().replaceAll("\\s+", " ");
    return plain.isEmpty() ? UNKNOWN : plain;
  }
}
