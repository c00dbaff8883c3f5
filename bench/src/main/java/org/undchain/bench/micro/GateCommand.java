package org.undchain.bench.micro;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.undchain.sim.Options;

/** {@code bench gate}: complains of a part that got slower. */
public final class GateCommand {
  public static final List<String> USAGE =
      List.of(
          "  undchain bench gate [--quick] [--only PART,...] [--append] [--history FILE]",
          "      times the same parts and exits with 1 if one got slower than the history says;",
          "      --append adds the ratios of those that did not to bench/history.csv");
  private static final List<String> OPTIONS = List.of("--quick", "--only", "--append", "--history");

  private GateCommand() {}

  /**
   * Times, judges, and keeps the ratios if asked to.
   *
   * @param words behind {@code bench gate}
   * @return 0: no part got slower, 1: at least one did
   * @throws IllegalArgumentException if the words are no command
   * @throws MicroException if a part could not be timed, or the history not be read
   */
  public static int run(List<String> words, PrintStream out, PrintStream messages)
      throws MicroException, InterruptedException {
    Options options = Options.of(words, OPTIONS);
    Path root = Path.of(System.getProperty("undchain.root", "."));
    History history =
        new History(
            options.text("--history").map(Path::of).orElse(root.resolve("bench/history.csv")));
    List<Part> parts = MicroCommand.parts(options);
    Origin origin = Origin.of(root);
    Pace pace = options.has("--quick") ? Pace.QUICK : Pace.FULL;
    MicroRun run = new MicroRun(pace, messages);
    GateRule rule = new GateRule(history.rows(), origin.processor(), pace.label());
    List<GateRule.Judgement> judgements =
        new Gate(part -> run.time(part).ratio(), rule, messages::println).judge(parts);
    if (options.has("--append")) {
      history.append(rows(judgements, origin, pace));
    }
    judgements.forEach(
        judgement -> out.println((judgement.isWorse() ? "worse  " : "good   ") + judgement));
    List<String> worse =
        judgements.stream()
            .filter(GateRule.Judgement::isWorse)
            .map(GateRule.Judgement::part)
            .toList();
    if (worse.isEmpty()) {
      return 0;
    }
    messages.printf(
        "error[UND-1014] slower than before: %s%n  why: worse than the history in %d of %d tries,"
            + " see above%n  try: undchain bench micro --only %s; docs/performance.md says how to"
            + " accept it%n",
        String.join(", ", worse), Gate.TRIES, Gate.TRIES, String.join(",", worse));
    return 1;
  }

  /** What is worse does not become the new measure of things. */
  private static List<HistoryRow> rows(
      List<GateRule.Judgement> judgements, Origin origin, Pace pace) {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    List<HistoryRow> rows = new ArrayList<>();
    for (GateRule.Judgement judgement : judgements) {
      if (!judgement.isWorse()) {
        rows.add(
            new HistoryRow(
                today,
                origin.commit(),
                origin.processor(),
                pace.label(),
                judgement.part(),
                judgement.ratio()));
      }
    }
    return rows;
  }
}
