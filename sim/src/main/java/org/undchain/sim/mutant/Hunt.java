package org.undchain.sim.mutant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.undchain.sim.Main;

/**
 * Runs instruments on a mutant, each in a process of its own that has the bug on its class path.
 */
final class Hunt {
  /** Exit code of an instrument that found something. */
  static final int FOUND = 1;

  private final Path root;
  private final String classPath;
  private final Optional<String> testMain;

  /**
   * What one instrument said of one mutant.
   *
   * @param clue its first words about what it found
   */
  record Verdict(Mutant mutant, String instrument, boolean isFound, long millis, String clue) {}

  /**
   * @param root of the repository
   * @param testMain runs a test class by name and exits like an instrument; without it the mutants
   *     of tests are left out
   */
  Hunt(Path root, String classPath, Optional<String> testMain) {
    this.root = root;
    this.classPath = classPath;
    this.testMain = testMain;
  }

  /** Lets the instruments of a mutant look for it, one after the other, until one finds it. */
  Verdict run(Mutant mutant, long limitMillis) throws IOException, InterruptedException {
    Path classes = Plot.plant(mutant, root.resolve("core/src/main/java"), classPath);
    try {
      Verdict verdict = new Verdict(mutant, "none", false, 0, "");
      for (String instrument : mutant.hunts()) {
        if (!instrument.startsWith("test ") || testMain.isPresent()) {
          verdict = run(mutant, classes, instrument, limitMillis);
          if (verdict.isFound()) {
            return verdict;
          }
        }
      }
      return verdict;
    } finally {
      Plot.remove(classes);
    }
  }

  private Verdict run(Mutant mutant, Path classes, String instrument, long limitMillis)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(Arrays.asList(instrument.split(" ")));
    String main = words.getFirst().equals("test") ? testMain.orElseThrow() : Main.class.getName();
    if (words.getFirst().equals("test")) {
      words.removeFirst();
    }
    List<String> command = new ArrayList<>(java(classes, classPath));
    command.add(main);
    command.addAll(words);
    Path log = classes.resolveSibling("log");
    long started = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean isDone = process.waitFor(limitMillis, TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    long millis = (System.nanoTime() - started) / 1_000_000;
    List<String> said = Files.readAllLines(log);
    if (isDone && process.exitValue() != FOUND && process.exitValue() != 0) {
      throw new IllegalStateException(mutant.name() + ", " + instrument + ": " + said);
    }
    boolean isFound = isDone && process.exitValue() == FOUND;
    return new Verdict(mutant, instrument, isFound, millis, isFound ? clue(said) : "");
  }

  /** Starts a JVM with a bug in front of the class path. */
  static List<String> java(Path classes, String classPath) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx1g",
        "-ea:org.undchain...",
        "-cp",
        classes + System.getProperty("path.separator") + classPath);
  }

  /** The first line that says what is wrong: an instrument's verdict or a failed test. */
  private static String clue(List<String> said) {
    String line =
        said.stream()
            .filter(it ->
                it.contains("(S")
                    || it.contains("(R")
                    || it.contains("does not hold")
                    || it.startsWith("failed: "))
            .findFirst()
            .orElse(said.isEmpty() ? "" : said.getFirst());
    return line.substring(line.lastIndexOf(" s: ") < 0 ? 0 : line.lastIndexOf(" s: ") + 4);
  }
}
