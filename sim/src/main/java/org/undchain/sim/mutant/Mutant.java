package org.undchain.sim.mutant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One planted bug: a piece of one source file and what stands there instead.
 *
 * @param breaks the mistake, in words
 * @param rule of the protocol that it breaks
 * @param file below the core's sources
 * @param hunts the instruments that must find it, quickest first: {@code check OPTIONS}, {@code
 *     twins OPTIONS}, {@code sim OPTIONS}, {@code test CLASS}
 */
record Mutant(
    String name,
    String breaks,
    String rule,
    String file,
    List<String> hunts,
    String original,
    String changed) {
  private static final String SUFFIX = ".mutant";

  /** All mutants of a folder by name. */
  static List<Mutant> all(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Mutant> all = new ArrayList<>();
      for (Path file : files.filter(it -> it.toString().endsWith(SUFFIX)).sorted().toList()) {
        all.add(read(file));
      }
      return all;
    }
  }

  static Mutant read(Path path) throws IOException {
    String text = Files.readString(path);
    List<String> hunts = new ArrayList<>();
    String breaks = "";
    String rule = "";
    String file = "";
    String head = before(text, "<<<<\n");
    for (String line : head.lines().toList()) {
      String value = line.substring(line.indexOf(": ") + 2);
      switch (before(line, ": ")) {
        case "breaks" -> breaks = value;
        case "rule" -> rule = value;
        case "file" -> file = value;
        case "hunt" -> hunts.add(value);
        default -> throw new IllegalArgumentException(path + ": " + line);
      }
    }
    String body = text.substring(head.length() + "<<<<\n".length());
    String original = before(body, "\n====\n");
    String changed = before(body.substring(original.length() + "\n====\n".length()), "\n>>>>");
    String name = path.getFileName().toString().replace(SUFFIX, "");
    return new Mutant(name, breaks, rule, file, List.copyOf(hunts), original, changed);
  }

  private static String before(String text, String mark) {
    int end = text.indexOf(mark);
    if (end < 0) {
      throw new IllegalArgumentException("no '" + mark.strip() + "' in " + text);
    }
    return text.substring(0, end);
  }

  /**
   * The source with the bug.
   *
   * @throws IllegalStateException if the original does not stand there exactly once: the source was
   *     changed and the mutant must follow
   */
  String planted(String source) {
    int place = source.indexOf(original);
    if (place < 0 || source.indexOf(original, place + 1) >= 0) {
      throw new IllegalStateException(name + ": its text stands not exactly once in " + file);
    }
    return source.substring(0, place) + changed + source.substring(place + original.length());
  }
}
