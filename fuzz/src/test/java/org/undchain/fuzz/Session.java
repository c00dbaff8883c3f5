package org.undchain.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A fuzzer at one door for a while, in a process of its own. */
final class Session {
  private static final Pattern PROGRESS = Pattern.compile("cov: (\\d+) ft: (\\d+) corp: (\\d+)");
  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units: (\\d+)");
  private static final Pattern NEW = Pattern.compile("stat::new_units_added: +(\\d+)");
  private static final Pattern CRASH = Pattern.compile("Test unit written to (\\S+)");
  private static final String EXCEPTION = "== Java Exception: ";

  /**
   * What the fuzzer watches: our code. Generated messages are 600 classes, take it as many seconds
   * to prepare as a session lasts, and only one door is about them.
   */
  private static final String OWN_CODE =
      Pattern.compile(" ")
              .splitAsStream(
                  "agent client codec consensus crypto evidence handshake job ledger machine matching"
                      + " membership message.Envelopes message.Contacts message.RadixPaths partner"
                      + " payout reconciliation rules session sync time validator value")
              .map(part -> "org.undchain.core." + part + (part.startsWith("message.") ? "" : ".**"))
              .collect(Collectors.joining(":"))
          + ":org.undchain.utilities.**:org.undchain.node.**:org.tomlj.**";

  private static final String ALL_CODE = OWN_CODE + ":org.undchain.core.message.**";

  /** Longest input. */
  private static final int LENGTH_MAX = 16 << 10;

  /** One input that takes longer hangs. */
  private static final int HANG_SECONDS = 10;

  private final Folders folders;
  private final int seconds;
  private final long seed;

  /**
   * Where a session reads and writes.
   *
   * @param kept the corpus in the repository; only read
   * @param work what this machine found so far, and its crashes
   */
  record Folders(Path kept, Path work) {
    Path keptOf(String door) {
      return kept.resolve(door);
    }

    Path foundOf(String door) {
      return work.resolve("corpus").resolve(door);
    }

    Path crashesOf(String door) {
      return work.resolve("crashes").resolve(door);
    }
  }

  /**
   * What a session came to.
   *
   * @param edges reached in the code
   * @param features of the runs that the fuzzer tells apart
   * @param crash the input that broke the door, and with what
   */
  record Outcome(
      String door,
      long executions,
      long edges,
      long features,
      long added,
      Optional<Crash> crash,
      boolean isWhole) {}

  record Crash(Path input, String what) {}

  Session(Folders folders, int seconds, long seed) {
    this.folders = folders;
    this.seconds = seconds;
    this.seed = seed;
  }

  Outcome run(String door) throws IOException, InterruptedException {
    Files.createDirectories(folders.foundOf(door));
    Files.createDirectories(folders.keptOf(door));
    Files.createDirectories(folders.crashesOf(door));
    Path log = folders.work().resolve(door + ".log");
    Process process =
        new ProcessBuilder(command(door))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      int code = process.waitFor();
      return outcome(door, log, code);
    } finally {
      process.destroyForcibly();
    }
  }

  private List<String> command(String door) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-ea",
            "-Xmx768m",
            "-XX:+UseSerialGC",
            "-XX:+EnableDynamicAgentLoading",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-D" + Fuzz.DOOR + "=" + door,
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + Fuzz.class.getName(),
            "--instrumentation_includes=" + (door.equals("message") ? ALL_CODE : OWN_CODE),
            "--custom_hook_includes=" + OWN_CODE,
            "--reproducer_path=" + folders.crashesOf(door),
            "-artifact_prefix=" + folders.crashesOf(door) + "/",
            "-max_total_time=" + seconds,
            "-max_len=" + LENGTH_MAX,
            "-timeout=" + HANG_SECONDS,
            "-rss_limit_mb=0",
            "-print_final_stats=1",
            "-seed=" + seed,
            folders.foundOf(door).toString(),
            folders.keptOf(door).toString()));
    return command;
  }

  private static Outcome outcome(String door, Path log, int code) throws IOException {
    long executions = 0;
    long edges = 0;
    long features = 0;
    long added = 0;
    Optional<String> what = Optional.empty();
    Optional<Path> input = Optional.empty();
    try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
      for (Optional<String> read = next(lines); read.isPresent(); read = next(lines)) {
        String line = read.get();
        Matcher progress = PROGRESS.matcher(line);
        if (progress.find()) {
          edges = Long.parseLong(progress.group(1));
          features = Long.parseLong(progress.group(2));
        }
        executions = number(EXECUTIONS, line).orElse(executions);
        added = number(NEW, line).orElse(added);
        if (line.startsWith(EXCEPTION)) {
          what = what.or(() -> Optional.of(line.substring(EXCEPTION.length())));
        }
        Matcher crash = CRASH.matcher(line);
        if (crash.find()) {
          input = Optional.of(Path.of(crash.group(1)));
        }
      }
    }
    String words = what.orElse("see " + log);
    Optional<Crash> crash = input.map(file -> new Crash(file, words));
    return new Outcome(
        door, executions, edges, features, added, crash, code == 0 && executions > 0);
  }

  private static Optional<String> next(BufferedReader lines) throws IOException {
    return Optional.ofNullable(lines.readLine());
  }

  private static Optional<Long> number(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? Optional.of(Long.parseLong(matcher.group(1))) : Optional.empty();
  }
}
