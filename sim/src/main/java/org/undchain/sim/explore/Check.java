package org.undchain.sim.explore;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.undchain.sim.Options;
import org.undchain.sim.explore.Explorer.Finding;
import org.undchain.sim.explore.Explorer.Result;
import org.undchain.sim.explore.Explorer.Setup;

/**
 * The command {@code check}: explores all schedules of the real agreement, for one n as told, or
 * for all n with the fork threshold of each. Exit 0 if everything was as the proofs say, 1 if not,
 * 7 if the time ran out before the rounds that were asked for, or before a control.
 */
public final class Check {
  public static final List<String> OPTIONS =
      List.of(
          "--n",
          "--rounds",
          "--values",
          "--traitors",
          "--crashes",
          "--minutes",
          "--seconds",
          "--json");
  private static final int N_MIN = 4;
  private static final int N_MAX = 10;
  private static final int ROUNDS_MAX = 8;

  private final Options options;
  private final PrintStream out;
  private final long deadline;
  private final Unfinished unfinished = new Unfinished();

  private Check(Options options, PrintStream out, long millis) {
    this.options = options;
    this.out = out;
    this.deadline = System.nanoTime() + millis * 1_000_000;
  }

  public static int run(Options options, PrintStream out, PrintStream err) {
    return run(options, out, err, options.millis(Unfinished.MINUTES));
  }

  /**
   * @param millis that it may take
   */
  static int run(Options options, PrintStream out, PrintStream err, long millis) {
    Check check = new Check(options, out, millis);
    boolean isGood =
        options.has("--n") ? check.one((int) options.number("--n", N_MIN)) : check.all();
    return isGood ? check.unfinished.tell("check", options, err) : 1;
  }

  private boolean one(int n) {
    int traitors = (int) options.number("--traitors", Committee.faulty(n));
    int rounds = (int) options.number("--rounds", 3);
    return tell(explore(n, traitors, rounds, left()), traitors >= threshold(n));
  }

  /** Thresholds first, since they cost little; the rest of the time goes into depth. */
  private boolean all() {
    boolean isGood = tell(CrashPoints.explore(left() / 4));
    for (int n = N_MIN; n <= N_MAX; n++) {
      isGood &= tell(explore(n, threshold(n), 1, left()), true);
    }
    for (int n = N_MIN; n <= N_MAX; n++) {
      long share = left() / (2 * (N_MAX - n + 1));
      int rounds = (int) options.number("--rounds", ROUNDS_MAX);
      if (threshold(n) - 1 > Committee.faulty(n)) {
        isGood &= tell(explore(n, threshold(n) - 1, rounds, share), false);
      }
      isGood &= tell(explore(n, Committee.faulty(n), rounds, share), false);
    }
    return isGood;
  }

  /** 2q − n: with so many traitors two quorums need share no honest validator. */
  static int threshold(int n) {
    return 2 * Committee.quorum(n) - n;
  }

  private long left() {
    return Math.max(0, (deadline - System.nanoTime()) / 1_000_000);
  }

  private Result explore(int n, int traitors, int rounds, long millis) {
    int values = (int) options.number("--values", 2);
    int crashes = (int) options.number("--crashes", n == N_MIN ? 1 : 0);
    return Explorer.explore(new Setup(n, traitors, rounds, values, crashes, millis));
  }

  private boolean tell(CrashPoints.Result result) {
    String format =
        options.has("--json")
            ? "{\"crashPoints\":%d,\"millis\":%d,\"violation\":\"%s\"}%n"
            : "crash points of one validator over two slots: %d in %d ms: %s%n";
    out.printf(format, result.points(), result.millis(), result.finding().orElse("no violation"));
    return result.finding().isEmpty();
  }

  /** Prints a result; true if it is the expected one. */
  private boolean tell(Result result, boolean isForkExpected) {
    Setup setup = result.setup();
    boolean isOutOfTime = result.finding().isEmpty() && !result.isComplete();
    boolean isGood = isOutOfTime || result.finding().isPresent() == isForkExpected;
    if (isOutOfTime && (isForkExpected || options.has("--rounds"))) {
      unfinished.add(missing(result, isForkExpected));
    }
    if (options.has("--json")) {
      out.println(json(result, isGood));
    } else {
      out.printf(
          "n=%d q=%d traitors=%d values=%d crashes=%d: %s of %d rounds,"
              + " %d states, %d transitions, %d local states, %d runs of the machine, %.1f s: %s%n",
          setup.n(),
          Committee.quorum(setup.n()),
          setup.traitors(),
          setup.values(),
          setup.crashes(),
          depth(result),
          setup.rounds(),
          result.states(),
          result.transitions(),
          result.localStates(),
          result.runs(),
          result.millis() / 1000.0,
          verdict(result, isForkExpected));
      result.finding().filter(it -> !isForkExpected || options.has("--n")).ifPresent(this::tell);
    }
    return isGood;
  }

  private static String missing(Result result, boolean isForkExpected) {
    Setup setup = result.setup();
    return "n=%d with %d traitors: %s of %d rounds%s"
        .formatted(
            setup.n(),
            setup.traitors(),
            depth(result),
            setup.rounds(),
            isForkExpected ? ", and not to the fork that has to be there" : "");
  }

  private static String depth(Result result) {
    return result.depth() % 2 == 0 ? String.valueOf(result.depth() / 2) : result.depth() / 2 + ".5";
  }

  private static String verdict(Result result, boolean isForkExpected) {
    String expected = isForkExpected ? " (expected: " + result.setup().traitors() + " = 2q-n)" : "";
    return result.finding().map(it -> it.what() + expected).orElse("no violation")
        + (result.finding().isEmpty() && !result.isComplete() ? " as far as the time lasted" : "");
  }

  private void tell(Finding finding) {
    finding.schedule().forEach(line -> out.println("  " + line));
    out.println("repeat: ./undchain check " + options);
  }

  private static String json(Result result, boolean isGood) {
    Setup setup = result.setup();
    Optional<Finding> finding = result.finding();
    String steps =
        finding.map(it -> String.join("\",\"", it.schedule())).map(it -> '"' + it + '"').orElse("");
    return String.format(
        "{\"n\":%d,\"traitors\":%d,\"values\":%d,\"crashes\":%d,\"rounds\":%d,\"phases\":%d,"
            + "\"states\":%d,\"transitions\":%d,\"localStates\":%d,\"runs\":%d,\"millis\":%d,"
            + "\"violation\":%s,\"schedule\":[%s],\"complete\":%b,\"ok\":%b}",
        setup.n(),
        setup.traitors(),
        setup.values(),
        setup.crashes(),
        setup.rounds(),
        result.depth(),
        result.states(),
        result.transitions(),
        result.localStates(),
        result.runs(),
        result.millis(),
        finding.map(it -> '"' + it.what() + '"').orElse("null"),
        steps,
        finding.isPresent() || result.isComplete(),
        isGood);
  }
}
