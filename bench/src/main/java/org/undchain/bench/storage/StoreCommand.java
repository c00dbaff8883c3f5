package org.undchain.bench.storage;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.undchain.node.config.ConfigException;
import org.undchain.sim.Options;

/** {@code bench store}: an object over eight partners. */
public final class StoreCommand {
  public static final List<String> USAGE =
      List.of(
          "  undchain bench store [--bytes N] [--warm-up N]",
          "      one object (1 GB) encrypted, coded and uploaded over eight partners on loopback,",
          "      beside the slowest of AES-GCM, Reed-Solomon, TLS and disk on these cores, and beside",
          "      all parts on the same cores; another one (300 MB) before it warms up");
  private static final long GIGABYTE = 1_000_000_000;

  /** So much that the compiler has done most of its work. */
  public static final long WARM_UP = 300_000_000;

  private static final long BYTES_MAX = 100 * GIGABYTE;

  private StoreCommand() {}

  /**
   * @param words behind {@code bench store}
   * @return 0: stored
   * @throws IllegalArgumentException if the words are no command
   */
  public static int run(List<String> words, PrintStream out)
      throws ConfigException, IOException, InterruptedException {
    Options options = Options.of(words, List.of("--bytes", "--warm-up"));
    StoreBench.run(
            options.number("--bytes", GIGABYTE, 1, BYTES_MAX),
            options.number("--warm-up", WARM_UP, 0, BYTES_MAX))
        .lines()
        .forEach(out::println);
    return 0;
  }
}
