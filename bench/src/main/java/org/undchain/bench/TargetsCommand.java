package org.undchain.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.undchain.sim.Options;

/** {@code bench targets}: every figure that is asked for, in one table. */
final class TargetsCommand {
  static final List<String> USAGE =
      List.of(
          "  undchain bench targets [--quick] [--only PART,...]",
          "      runs the others one after the other (half an hour, quick: ten minutes) and prints",
          "      what is asked, what was reached, the ratio, and whether it is met; the parts are",
          "      " + String.join(", ", TargetsRun.PARTS));

  private TargetsCommand() {}

  /**
   * @param words behind {@code bench targets}
   * @return 0: measured, whatever came of it
   * @throws IllegalArgumentException if the words are no command
   */
  static int run(List<String> words, PrintStream out, PrintStream messages) {
    Options options = Options.of(words, List.of("--quick", "--only"));
    List<String> parts =
        options.has("--only")
            ? List.of(options.text("--only").orElse("").split(","))
            : TargetsRun.PARTS;
    if (!TargetsRun.PARTS.containsAll(parts)) {
      throw new IllegalArgumentException(
          "--only takes parts: " + String.join(", ", TargetsRun.PARTS));
    }
    TargetsRun.Scale scale =
        options.has("--quick") ? TargetsRun.Scale.QUICK : TargetsRun.Scale.FULL;
    TargetsRun run = new TargetsRun(scale, messages);
    List<Target> targets = new ArrayList<>();
    for (String part : parts) {
      targets.addAll(run.measure(part));
    }
    out.println(Target.head());
    targets.forEach(target -> out.println(target.line()));
    long met = targets.stream().filter(Target::isMet).count();
    out.println(met + " of " + targets.size() + " met");
    return 0;
  }
}
