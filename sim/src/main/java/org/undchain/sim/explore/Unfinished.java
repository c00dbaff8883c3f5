package org.undchain.sim.explore;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.undchain.sim.Options;

/**
 * What an instrument was asked to go through and did not within its time. Nothing was found there,
 * but nobody looked: where it was asked for by name, that is no success.
 */
final class Unfinished {
  /** Exit code: a part was done. The first digit of its UND code, as everywhere. */
  static final int EXIT = 7;

  /** Minutes that an instrument takes when nobody says. */
  static final long MINUTES = 10;

  private static final int CODE = 7010;

  private final List<String> parts = new ArrayList<>();

  void add(String part) {
    parts.add(part);
  }

  /**
   * Tells of what is missing.
   *
   * @return the exit code: 0 if nothing is
   */
  int tell(String instrument, Options options, PrintStream err) {
    if (parts.isEmpty()) {
      return 0;
    }
    long millis = Math.max(60_000, options.millis(MINUTES));
    String again =
        options.has("--seconds")
            ? options.with("--seconds", 2 * millis / 1_000)
            : options.with("--minutes", 2 * millis / 60_000);
    err.printf(
        "error[UND-%d] the time of %s ran out before it was through with what was asked%n"
            + "  why: %s%n"
            + "  try: ./undchain %s %s%n"
            + "  try: ask for less of it, or for no depth: then it goes as far as the time lasts%n",
        CODE, instrument, String.join("; ", parts), instrument, again);
    return EXIT;
  }
}
