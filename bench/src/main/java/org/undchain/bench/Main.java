package org.undchain.bench;

import java.io.IOException;
import java.util.List;
import org.undchain.bench.micro.GateCommand;
import org.undchain.bench.micro.MicroCommand;
import org.undchain.bench.micro.MicroException;
import org.undchain.bench.micro.OpenFileCommand;
import org.undchain.bench.storage.StoreCommand;
import org.undchain.node.config.ConfigException;

/**
 * The benchmarks on the command line. Exit 0: measured, 1: something got slower, 2: a wrong
 * command, 4: a node or a benchmark failed.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> words) {
    try {
      if (words.contains("--help")) {
        TargetsCommand.USAGE.forEach(System.out::println);
        AgreeCommand.USAGE.forEach(System.out::println);
        PeersCommand.USAGE.forEach(System.out::println);
        CatchUpCommand.USAGE.forEach(System.out::println);
        StoreCommand.USAGE.forEach(System.out::println);
        OpenFileCommand.USAGE.forEach(System.out::println);
        MicroCommand.USAGE.forEach(System.out::println);
        GateCommand.USAGE.forEach(System.out::println);
        return 0;
      }
      if (words.size() < 2 || !words.getFirst().equals("bench")) {
        throw new IllegalArgumentException("there is no " + words);
      }
      List<String> rest = words.subList(2, words.size());
      return switch (words.get(1)) {
        case "agree" -> AgreeCommand.run(rest);
        case "peers" -> PeersCommand.run(rest);
        case "targets" -> TargetsCommand.run(rest, System.out, System.err);
        case "catch-up" -> CatchUpCommand.run(rest, System.out);
        case "store" -> StoreCommand.run(rest, System.out);
        case "open-file" -> OpenFileCommand.run(rest, System.out);
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
}
