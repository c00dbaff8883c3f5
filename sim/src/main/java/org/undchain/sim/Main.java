package org.undchain.sim;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.undchain.sim.bench.Bench;
import org.undchain.sim.chaos.Sim;
import org.undchain.sim.explore.Check;
import org.undchain.sim.explore.Twins;
import org.undchain.sim.mutant.Planted;

/**
 * The instruments on the command line. Exit 0: all good, 1: a violation, 2: a wrong command, 7: the
 * time ran out before the depth that was asked for.
 */
public final class Main {
  private static final List<String> USAGE =
      List.of(
          "  undchain sim [--seed N] [--seeds M | --hours H] [--minutes M | --seconds S] [--nodes 4..10] [--known K]",
          "      [--entries PER-MINUTE] [--chaos SECONDS] [--only KINDS] [--keep FAULTS] [--shrink] [--trace]",
          "      [--until SECONDS] [--rules FILE] [--attack] [--real-crypto] [--threads N] [--all-marks] [--hashes] [--json]",
          "      the core in virtual time under faults",
          "  undchain check [--n N] [--rounds R] [--values V] [--traitors B] [--crashes C]",
          "      [--minutes M | --seconds S] [--json]   every schedule of the agreement",
          "  undchain twins [--n N] [--epochs E] [--scenarios S] [--seed N]",
          "      [--minutes M | --seconds S] [--json]   every partition of validators of which one is two",
          "      check and twins exit 7 if the time ends before the rounds or epochs that were asked for",
          "  undchain bench reconcile [--ids N] [--runs N] [--json]   flights and bytes of each way",
          "  all but bench take --mutant NAME   the program with one planted bug",
          "  docs/testing.md says which finds what");

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> words) {
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    try {
      if (words.contains("--help")) {
        USAGE.forEach(System.out::println);
        return 0;
      }
      if (words.contains(Planted.OPTION)) {
        return Planted.run(words, Path.of(System.getProperty("undchain.root", ".")));
      }
      return switch (words.isEmpty() ? "" : words.getFirst()) {
        case "check" -> Check.run(Options.of(rest, Check.OPTIONS), System.out, System.err);
        case "sim" -> Sim.run(Options.of(rest, Sim.OPTIONS), System.out);
        case "bench" ->
            Bench.run(
                rest.isEmpty() ? "" : rest.getFirst(),
                Options.of(rest.isEmpty() ? rest : rest.subList(1, rest.size()), Bench.OPTIONS),
                System.out);
        case "twins" -> Twins.run(Options.of(rest, Twins.OPTIONS), System.out, System.err);
        default -> throw new IllegalArgumentException("there is no instrument " + words);
      };
    } catch (IOException | InterruptedException broken) {
      System.err.printf(
          "error[UND-1011] the mutant did not run%n  why: %s%n  try: a checkout with its sources%n",
          broken);
      return 2;
    } catch (IllegalArgumentException wrong) {
      System.err.printf(
          "error[UND-1010] this is no command of the instruments%n  why: %s%n"
              + "  try: ./undchain sim [--seed N] [--shrink], ./undchain check [--n N] [--rounds R],"
              + " ./undchain twins [--n N], ./undchain bench reconcile; docs/testing.md says more%n",
          wrong.getMessage());
      return 2;
    }
  }
}
