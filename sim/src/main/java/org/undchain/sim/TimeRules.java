package org.undchain.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table {@code [time]} of a rules file, as {@code undchain rules} writes it; what it leaves out
 * stays as it was. Who votes and who is known is drawn, so the other tables say nothing here.
 */
public record TimeRules(Map<String, Long> values) {
  public static final TimeRules NONE = new TimeRules(Map.of());

  private static final List<String> NAMES =
      List.of("slot_ms", "period_slots", "stage_ms", "recover_ms", "propose_ms", "vote_ms");

  public TimeRules {
    values = new TreeMap<>(values);
    for (String name : values.keySet()) {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("[time] has no " + name + ", only " + NAMES);
      }
    }
  }

  /**
   * @throws IllegalArgumentException if the file cannot be read, or its table holds something else
   *     than {@code name = number} lines
   */
  public static TimeRules read(Path file) {
    Map<String, Long> values = new TreeMap<>();
    String table = "";
    for (String line : lines(file)) {
      String text = line.split("#", 2)[0].strip();
      if (text.startsWith("[")) {
        table = text;
      } else if (table.equals("[time]") && !text.isEmpty()) {
        String[] parts = text.split("=", 2);
        values.put(parts[0].strip(), number(file, line, parts));
      }
    }
    if (values.isEmpty()) {
      throw new IllegalArgumentException(file + " has no table [time]");
    }
    return new TimeRules(values);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("cannot read " + file, unreadable);
    }
  }

  private static long number(Path file, String line, String[] parts) {
    try {
      return Long.parseLong(parts[parts.length - 1].strip().replace("_", ""));
    } catch (NumberFormatException other) {
      throw new IllegalArgumentException(file + ": no number in '" + line + "'", other);
    }
  }

  long of(String name, long otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  /** These rules, and a value where they have none. */
  public TimeRules or(String name, long value) {
    Map<String, Long> more = new TreeMap<>(values);
    more.putIfAbsent(name, value);
    return new TimeRules(more);
  }
}
