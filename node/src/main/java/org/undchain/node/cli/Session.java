package org.undchain.node.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The options that every command has, with their defaults applied.
 *
 * @param api address of a node's JSON API, if one was given
 * @param key name or file of the caller's key, if one was given
 */
public record Session(
    Surroundings surroundings,
    Path home,
    Optional<String> api,
    Optional<String> key,
    boolean debug) {

  static Session of(Surroundings surroundings, Arguments arguments) {
    return new Session(
        surroundings,
        arguments.text("--home").map(surroundings::path).orElseGet(surroundings::defaultHome),
        arguments.text("--api").or(() -> surroundings.variable("UNDCHAIN_API")),
        arguments.text("--key").or(() -> surroundings.variable("UNDCHAIN_KEY")),
        arguments.has("--debug"));
  }

  public Path path(String text) {
    return surroundings.path(text);
  }
}
