package org.undchain.sim;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.undchain.sim.explore.Check;
import org.undchain.sim.explore.Twins;
import org.undchain.sim.mutant.Planted;

/** The instruments on the command line. Exit 0: all good, 1: a violation, 2: a wrong command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> words) {
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    try {
      if (words.contains(Planted.OPTION)) {
        return Planted.run(words, Path.of(System.getProperty("undchain.root", ".")));
      }
      return switch (words.isEmpty() ? "" : words.getFirst()) {
        case "check" -> Check.run(Options.of(rest, Check.OPTIONS), System.out);
        case "twins" -> Twins.run(Options.of(rest, Twins.OPTIONS), System.out);
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
              + "  try: ./undchain check [--n N] [--rounds R] [--traitors B] [--minutes M], ./undchain twins [--n N]%n",
          wrong.getMessage());
      return 2;
    }
  }
}
