package org.undchain.bench.micro;

import java.io.PrintStream;
import java.util.List;
import org.undchain.sim.Options;

/** {@code bench micro}: times the parts and prints a line for each. */
public final class MicroCommand {
  public static final List<String> USAGE =
      List.of(
          "  undchain bench micro [--only PART,...] [--quick] [--json]",
          "      small hot parts, each beside a reference kernel in the same process; the parts are",
          "      " + Part.labels());
  private static final List<String> OPTIONS = List.of("--only", "--quick", "--json");

  private MicroCommand() {}

  /**
   * Times all parts, or those that are named.
   *
   * @param words behind {@code bench micro}
   * @return 0: all parts were timed
   * @throws IllegalArgumentException if the words are no command
   * @throws MicroException if a part could not be timed
   */
  public static int run(List<String> words, PrintStream out, PrintStream messages)
      throws MicroException {
    Options options = Options.of(words, OPTIONS);
    List<Part> parts = parts(options);
    MicroRun run = new MicroRun(options.has("--quick") ? Pace.QUICK : Pace.FULL, messages);
    boolean isJson = options.has("--json");
    if (!isJson) {
      out.println(Timed.head());
    }
    for (Part part : parts) {
      Timed timed = run.time(part);
      out.println(isJson ? timed.json() : timed.line());
    }
    return 0;
  }

  /** Those that {@code --only} names, else all. */
  static List<Part> parts(Options options) {
    if (!options.has("--only")) {
      return Part.all();
    }
    String names =
        options
            .text("--only")
            .orElseThrow(
                () -> new IllegalArgumentException("--only takes parts: " + Part.labels()));
    return List.of(names.split(",")).stream().map(Part::of).toList();
  }
}
