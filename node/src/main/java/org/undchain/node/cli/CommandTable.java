package org.undchain.node.cli;

import java.util.List;
import java.util.Optional;

/** All commands by name. A switch, not a map: of forty commands a call builds one. */
final class CommandTable {
  static final List<String> NAMES = List.of("version");

  private CommandTable() {}

  static Optional<Command> named(String name) {
    return switch (name) {
      case "version" -> Optional.of(new VersionCommand());
      case "warm-up" -> Optional.of(new WarmUpCommand());
      default -> Optional.empty();
    };
  }
}
