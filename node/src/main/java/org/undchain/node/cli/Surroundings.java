package org.undchain.node.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a command may know of the process it runs in: variables and the folder it was called from.
 */
public record Surroundings(Map<String, String> variables, Path folder) {

  public Surroundings {
    variables = Map.copyOf(variables);
  }

  static Surroundings ofProcess() {
    return new Surroundings(System.getenv(), Path.of("").toAbsolutePath());
  }

  /** A variable that is set and not empty. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  /** A path as the caller meant it, seen from the calling folder. */
  public Path path(String text) {
    return folder.resolve(text).normalize();
  }

  /** Where keys and the register of running networks lie unless {@code --home} says otherwise. */
  public Path defaultHome() {
    return variable("UNDCHAIN_HOME")
        .map(this::path)
        .or(() -> variable("XDG_DATA_HOME").map(data -> Path.of(data, "undchain")))
        .orElseGet(() -> Path.of(variable("HOME").orElse("."), ".local", "share", "undchain"));
  }
}
