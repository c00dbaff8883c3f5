package org.undchain.node.cli;

import java.util.List;

/** Where the process starts: one command line, one command, one exit code. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Console console = Console.ofProcess();
    int code = new CommandLine(Surroundings.ofProcess(), console).run(List.of(arguments));
    console.flush();
    System.exit(code);
  }
}
