package org.undchain.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.undchain.node.config.ConfigException;
import org.undchain.sim.Options;

/** {@code bench catch-up}: a validator with an empty disk. */
final class CatchUpCommand {
  static final List<String> USAGE =
      List.of(
          "  undchain bench catch-up [--blocks N] [--entries N]",
          "      a validator with an empty disk catches up with 10 000 blocks, each with so many (4)",
          "      transfers of every account of the genesis: real store, real checks, real execution");
  static final int BLOCKS = 10_000;
  static final int ENTRIES = 4;

  /** Times as fast as slots pass, so that a day behind is made good in hours. */
  static final double TIMES_ASKED = 20;

  private CatchUpCommand() {}

  /**
   * @param words behind {@code bench catch-up}
   * @throws IllegalArgumentException if the words are no command
   */
  static int run(List<String> words, PrintStream out)
      throws ConfigException, IOException, InterruptedException {
    Options options = Options.of(words, List.of("--blocks", "--entries"));
    out.println(
        CatchUpBench.run(
                (int) options.number("--blocks", BLOCKS, 1, 20_000),
                (int) options.number("--entries", ENTRIES, 0, 16))
            .line());
    return 0;
  }
}
