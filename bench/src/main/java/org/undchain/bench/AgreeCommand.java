package org.undchain.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.undchain.bench.profile.ProfilePage;
import org.undchain.core.rules.RunRules;
import org.undchain.node.config.ConfigException;
import org.undchain.sim.Options;

/** {@code bench agree}: the network under load. */
final class AgreeCommand {
  private static final String PROFILE = "undchain-agree.jfr";
  static final List<String> USAGE =
      List.of(
          "  undchain bench agree [--n 4..10] [--batch 1..64] [--clients K] [--warm-up SECONDS]",
          "      [--seconds S] [--unanswered N] [--open-loop RATE|TIMESx] [--open-seconds S]",
          "      [--kill [COUNT]] [--profile [FILE]] [--json]",
          "      entries a second that validators agree on, and how soon: real nodes, TLS on loopback,",
          "      RocksDB with every group forced to the disk, every signature checked by everybody;",
          "      --open-loop: as many a second whether answered or not, or so many times (2x) the best",
          "      closed loop; 0 for none; --kill: f validators, or COUNT, die under load at the end;",
          "      --profile: a JFR recording of the measured time ("
              + PROFILE
              + ") and a page of it");
  private static final List<String> OPTIONS =
      List.of(
          "--n",
          "--batch",
          "--clients",
          "--warm-up",
          "--seconds",
          "--unanswered",
          "--open-loop",
          "--open-seconds",
          "--kill",
          "--profile",
          "--json");
  private static final List<Integer> UNANSWERED = List.of(1, 64, 1000);
  private static final int PAYERS = 1024;
  private static final double TIMES_BEST = 2;
  private static final double TIMES_MAX = 100;

  private AgreeCommand() {}

  /**
   * @param words behind {@code bench agree}
   * @throws IllegalArgumentException if the words are no command
   */
  static int run(List<String> words) throws ConfigException, IOException, InterruptedException {
    Options options = Options.of(words, OPTIONS);
    AgreeBench.Setting setting = setting(options);
    boolean isJson = options.has("--json");
    AgreeResult result = AgreeBench.run(setting, System.err);
    if (!isJson) {
      System.out.println(AgreeRow.head());
    }
    result.rows().forEach(row -> System.out.println(isJson ? row.json() : row.line()));
    PrintStream page = isJson ? System.err : System.out;
    result.verdicts().forEach(page::println);
    if (setting.profile().isPresent()) {
      Path file = setting.profile().orElseThrow();
      ProfilePage.read(file).forEach(page::println);
      page.println("recording: " + file.toAbsolutePath());
    }
    return 0;
  }

  static AgreeBench.Setting setting(Options options) {
    int validators = (int) options.number("--n", 4, 4, 10);
    int one = (int) options.number("--unanswered", 0, 0, 16_000);
    return new AgreeBench.Setting(
        validators,
        (int) options.number("--batch", 1, 1, 16),
        PAYERS,
        (int) options.number("--clients", 2, 1, 64),
        new AgreeBench.Phases(
            (int) options.number("--warm-up", 60, 0, 3600),
            (int) options.number("--seconds", 20, 1, 3600),
            one == 0 ? UNANSWERED : List.of(one),
            openLoop(options),
            kill(options, RunRules.faulty(validators))),
        options.has("--profile")
            ? Optional.of(Path.of(options.text("--profile").orElse(PROFILE)))
            : Optional.empty());
  }

  private static Optional<AgreeBench.OpenLoop> openLoop(Options options) {
    int seconds = (int) options.number("--open-seconds", 60, 1, 3600);
    String rate = options.text("--open-loop").orElse(TIMES_BEST + "x");
    if (rate.endsWith("x")) {
      return Optional.of(new AgreeBench.OpenLoop(Optional.empty(), times(rate), seconds));
    }
    long perSecond = options.number("--open-loop", 0, 0, 1_000_000);
    return perSecond == 0
        ? Optional.empty()
        : Optional.of(new AgreeBench.OpenLoop(Optional.of(perSecond), 0, seconds));
  }

  private static double times(String text) {
    try {
      double times = Double.parseDouble(text.substring(0, text.length() - 1));
      if (times > 0 && times <= TIMES_MAX) {
        return times;
      }
    } catch (NumberFormatException none) {
      // said below
    }
    throw new IllegalArgumentException("--open-loop takes entries a second, or times as in 2x");
  }

  private static int kill(Options options, int faulty) {
    if (!options.has("--kill")) {
      return 0;
    }
    return options.text("--kill").orElse("f").equals("f")
        ? faulty
        : (int) options.number("--kill", faulty, 1, faulty);
  }
}
