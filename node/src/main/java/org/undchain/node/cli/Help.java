package org.undchain.node.cli;

import java.util.ArrayList;
import java.util.List;

/** The pages behind {@code --help}: examples first. */
final class Help {
  private Help() {}

  static void all(Console console) {
    console.line("UndChain: rent out or use storage, computation and access.\n");
    console.line(
        "  undchain tour photo.jpg        the whole idea, step by step, on a network of your own");
    console.line("  undchain devnet                that network, until Ctrl-C");
    console.line("  undchain store FILE            and then: undchain get ID -o FILE\n");
    List<List<String>> rows = new ArrayList<>();
    for (String name : CommandTable.NAMES) {
      CommandTable.named(name)
          .ifPresent(command -> rows.add(List.of("  " + name, command.summary())));
    }
    rows.add(List.of("  test", "build and run every test (--quick: without the slow ones)"));
    rows.add(List.of("  sim, check, twins, bench", "the instruments: docs/testing.md"));
    console.table(List.of("commands", ""), rows);
    console.line("");
    console.table(List.of("options of all", ""), options(CommandLine.GLOBAL));
  }

  static void of(Console console, String name, Command command) {
    for (String example : command.examples()) {
      console.line("  " + example);
    }
    console.line("\nundchain " + name + " " + command.usage() + "\n  " + command.summary() + "\n");
    List<Option> all = new ArrayList<>(command.options());
    all.addAll(CommandLine.GLOBAL);
    console.table(List.of("options", ""), options(all));
  }

  private static List<List<String>> options(List<Option> options) {
    return options.stream().map(option -> List.of("  " + option.shown(), option.help())).toList();
  }
}
