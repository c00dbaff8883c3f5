package org.undchain.node.cli;

import java.io.IOException;
import java.util.List;

/** One command of the tool. Only the one that was asked for is ever built. */
public interface Command {

  /** The words after the name: {@code ID [-o FILE|-]}. */
  String usage();

  /** One line for the list of commands. */
  String summary();

  /** Two or three lines to copy. */
  List<String> examples();

  List<Option> options();

  /** Does it and answers the exit code (see {@link Failure} for those other than 0). */
  int run(Call call) throws Failure, IOException, InterruptedException;

  /** What a command is given: its own words, the options of all commands, and where to print. */
  record Call(Arguments arguments, Session session, Console console) {}
}
