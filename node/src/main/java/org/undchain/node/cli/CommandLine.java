package org.undchain.node.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.node.config.Spelling;

/**
 * Takes the words of a call apart, runs the command they name and turns whatever happens into an
 * exit code.
 */
public final class CommandLine {
  static final List<Option> GLOBAL =
      List.of(
          Option.flag("--json", "print one JSON document"),
          new Option("--api", "ADDRESS", "the node to ask: unix:PATH or http://HOST:PORT"),
          new Option("--home", "DIR", "keys and running networks (default: XDG data folder)"),
          new Option("--key", "NAME|FILE", "the key to act with"),
          Option.flag("--debug", "write the stack of a bug to a file"),
          Option.flag("-q", "say nothing but results and errors"),
          Option.flag("--help", "examples and options"));

  private final Surroundings surroundings;
  private final Console console;

  public CommandLine(Surroundings surroundings, Console console) {
    this.surroundings = surroundings;
    this.console = console;
  }

  public int run(List<String> words) {
    console.configure(words.contains("--json"), words.contains("-q"));
    try {
      return dispatch(words.stream().map(word -> word.equals("-h") ? "--help" : word).toList());
    } catch (Failure failure) {
      console.failure(failure);
      return failure.exitCode();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return 130;
    } catch (IOException broken) {
      Failure failure =
          Failure.local(
              1190,
              "IO",
              "a file or the terminal could not be used",
              String.valueOf(broken.getMessage()));
      console.failure(failure);
      return failure.exitCode();
    } catch (RuntimeException | AssertionError | StackOverflowError bug) {
      return report(words, bug);
    }
  }

  private int dispatch(List<String> words) throws Failure, IOException, InterruptedException {
    int at = indexOfCommand(words);
    if (at < 0) {
      Arguments.parse("", GLOBAL, words);
      Help.all(console);
      return 0;
    }
    String name = words.get(at);
    Optional<Command> found = CommandTable.named(name);
    if (found.isEmpty()) {
      throw Failure.local(
          1101,
          "UNKNOWN_COMMAND",
          "there is no command \"" + name + "\"",
          "undchain --help lists them all",
          Spelling.nearest(name, CommandTable.NAMES)
              .map(near -> "undchain " + near)
              .orElse("undchain --help"));
    }
    Command command = found.get();
    List<String> rest = new ArrayList<>(words);
    rest.remove(at);
    List<Option> known = new ArrayList<>(GLOBAL);
    known.addAll(command.options());
    Arguments arguments = Arguments.parse(name, known, rest);
    if (arguments.has("--help")) {
      Help.of(console, name, command);
      return 0;
    }
    return command.run(new Command.Call(arguments, Session.of(surroundings, arguments), console));
  }

  /**
   * The first word that is neither an option nor the value of a global one; −1 if there is none.
   */
  private static int indexOfCommand(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("-")) {
        return i;
      }
      if (GLOBAL.stream().anyMatch(option -> option.name().equals(word) && !option.isFlag())) {
        i++;
      }
    }
    return -1;
  }

  private int report(List<String> words, Throwable bug) {
    String where = "add --debug to have the stack written to a file";
    if (words.contains("--debug")) {
      try {
        Path file = Files.createTempFile("undchain-bug-", ".txt");
        try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(file))) {
          bug.printStackTrace(writer);
        }
        where = "report the stack in " + file;
      } catch (IOException noFile) {
        where = "the stack could not be written: " + noFile.getMessage();
      }
    }
    Failure failure =
        Failure.local(
            9000,
            "BUG",
            "something that must not happen did: " + bug,
            "this is a bug of ours",
            where);
    console.failure(failure);
    return failure.exitCode();
  }
}
