package org.undchain.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The options of an instrument: {@code --name} or {@code --name value}. */
public final class Options {
  private static final long SECONDS_MAX = 366 * 24 * 3_600;

  private final List<String> words;

  private Options(List<String> words) {
    this.words = List.copyOf(words);
  }

  /**
   * @throws IllegalArgumentException if a word is neither one of the options nor a value behind one
   */
  public static Options of(List<String> words, List<String> known) {
    for (int i = 0; i < words.size(); i++) {
      boolean isOption = words.get(i).startsWith("--");
      boolean isValue = !isOption && i > 0 && words.get(i - 1).startsWith("--");
      if (isOption ? !known.contains(words.get(i)) : !isValue) {
        throw new IllegalArgumentException(
            words.get(i) + " is no option of it; there are " + String.join(", ", known));
      }
    }
    return new Options(words);
  }

  public boolean has(String name) {
    return words.contains(name);
  }

  public Optional<String> text(String name) {
    int place = words.indexOf(name);
    return place < 0 || place + 1 == words.size() || words.get(place + 1).startsWith("--")
        ? Optional.empty()
        : Optional.of(words.get(place + 1));
  }

  /**
   * @throws IllegalArgumentException if there is something else than a whole number
   */
  public long number(String name, long otherwise) {
    try {
      return text(name).map(Long::parseLong).orElse(otherwise);
    } catch (NumberFormatException other) {
      throw new IllegalArgumentException(name + " takes a whole number", other);
    }
  }

  /**
   * @throws IllegalArgumentException if it is not a whole number from {@code least} to {@code most}
   */
  public long number(String name, long otherwise, long least, long most) {
    long number = number(name, otherwise);
    if (number < least || number > most) {
      throw new IllegalArgumentException(name + " is between " + least + " and " + most);
    }
    return number;
  }

  /**
   * Milliseconds that an instrument may take: {@code --seconds} or {@code --minutes}.
   *
   * @param otherwise minutes, if there is neither
   */
  public long millis(long otherwise) {
    return has("--seconds")
        ? 1_000 * number("--seconds", 1, 0, SECONDS_MAX)
        : 60_000 * number("--minutes", otherwise, 0, SECONDS_MAX / 60);
  }

  /** The words as they were given, but with this value of an option. */
  public String with(String name, long value) {
    List<String> changed = new ArrayList<>(words);
    int place = changed.indexOf(name);
    if (text(name).isPresent()) {
      changed.set(place + 1, String.valueOf(value));
    } else {
      changed.removeIf(name::equals);
      changed.addAll(List.of(name, String.valueOf(value)));
    }
    return String.join(" ", changed);
  }

  /** The words as they were given. */
  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
