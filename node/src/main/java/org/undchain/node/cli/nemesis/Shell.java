package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Calls what the system offers and Java does not: signals and file systems. */
final class Shell {
  private static final long SECONDS_MAX = 30;

  private Shell() {}

  /**
   * Runs a command and its words, which may name several things in one word.
   *
   * @throws IOException if it fails, with what it said
   */
  static void run(String... words) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", String.join(" ", words)).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", words) + " failed: " + said.strip());
    }
  }
}
