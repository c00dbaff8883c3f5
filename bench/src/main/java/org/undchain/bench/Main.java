package org.undchain.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.bench.micro.GateCommand;
import org.undchain.bench.micro.MicroCommand;
import org.undchain.bench.micro.MicroException;
import org.undchain.bench.profile.ProfilePage;
import org.undchain.node.config.ConfigException;
import org.undchain.sim.Options;

/**
 * The benchmarks on the command line. Exit 0: measured, 1: something got slower, 2: a wrong
 * command, 4: a node or a benchmark failed.
 */
public final class Main {
  private static final String PROFILE = "undchain-agree.jfr";
  private static final List<String> USAGE =
      List.of(
          "  undchain bench agree [--n 4..10] [--batch 1..64] [--clients K] [--warm-up SECONDS]",
          "      [--seconds S] [--unanswered N] [--open-loop RATE] [--profile [FILE]] [--json]",
          "      entries a second that validators agree on, and how soon: real nodes, TLS on loopback,",
          "      RocksDB with every group forced to the disk, every signature checked by everybody;",
          "      --profile: a JFR recording of the measured time (" + PROFILE + ") and a page of it");
  private static final int PAYERS = 1024;
  private static final List<String> OPTIONS =
      List.of(
          "--n",
          "--batch",
          "--clients",
          "--warm-up",
          "--seconds",
          "--unanswered",
          "--open-loop",
          "--profile",
          "--json");

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> words) {
    try {
      if (words.contains("--help")) {
        USAGE.forEach(System.out::println);
        PeersCommand.USAGE.forEach(System.out::println);
        MicroCommand.USAGE.forEach(System.out::println);
        GateCommand.USAGE.forEach(System.out::println);
        return 0;
      }
      if (words.size() < 2 || !words.getFirst().equals("bench")) {
        throw new IllegalArgumentException("there is no " + words);
      }
      List<String> rest = words.subList(2, words.size());
      return switch (words.get(1)) {
        case "agree" -> agree(Options.of(rest, OPTIONS));
        case "peers" -> PeersCommand.run(rest);
        case "micro" -> MicroCommand.run(rest, System.out, System.err);
        case "gate" -> GateCommand.run(rest, System.out, System.err);
        default -> throw new IllegalArgumentException("there is no bench " + words.get(1));
      };
    } catch (IllegalArgumentException wrong) {
      System.err.printf(
          "error[UND-1010] this is no command of the benchmarks%n  why: %s%n"
              + "  try: undchain bench agree --help%n",
          wrong.getMessage());
      return 2;
    } catch (MicroException broken) {
      System.err.printf(
          "error[UND-1013] the small benchmarks did not run%n  why: %s%n  try: %s%n",
          broken.getMessage(), broken.advice());
      return 4;
    } catch (ConfigException | IOException | InterruptedException broken) {
      System.err.printf(
          "error[UND-1012] the network of the benchmark did not run%n  why: %s%n"
              + "  try: a folder for temporary files with room, and free ports%n",
          broken);
      return 4;
    }
  }

  private static int agree(Options options)
      throws ConfigException, IOException, InterruptedException {
    long one = options.number("--unanswered", 0, 0, 16_000);
    List<Integer> loops = new ArrayList<>(one == 0 ? List.of(1, 64, 1000) : List.of((int) one));
    AgreeBench.Setting setting =
        new AgreeBench.Setting(
            (int) options.number("--n", 4, 4, 10),
            (int) options.number("--batch", 1, 1, 16),
            PAYERS,
            (int) options.number("--clients", 2, 1, 64),
            (int) options.number("--warm-up", 60, 0, 3600),
            (int) options.number("--seconds", 20, 1, 3600),
            loops,
            options.text("--open-loop").isEmpty()
                ? Optional.empty()
                : Optional.of(options.number("--open-loop", 0, 0, 1_000_000)),
            options.has("--profile")
                ? Optional.of(Path.of(options.text("--profile").orElse(PROFILE)))
                : Optional.empty());
    boolean isJson = options.has("--json");
    List<AgreeRow> rows = AgreeBench.run(setting, System.err);
    if (!isJson) {
      System.out.println(AgreeRow.head());
    }
    rows.forEach(row -> System.out.println(isJson ? row.json() : row.line()));
    if (setting.profile().isPresent()) {
      Path file = setting.profile().orElseThrow();
      PrintStream page = isJson ? System.err : System.out;
      ProfilePage.read(file).forEach(page::println);
      page.println("recording: " + file.toAbsolutePath());
    }
    return 0;
  }
}
