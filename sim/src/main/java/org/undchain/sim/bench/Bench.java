package org.undchain.sim.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.undchain.sim.Options;

/** The command {@code bench}: measures what a default of the protocol rests on. */
public final class Bench {
  public static final List<String> OPTIONS = List.of("--ids", "--runs", "--json");
  private static final int IDS_MAX = 100_000;
  private static final int RUNS_MAX = 10_000;

  private Bench() {}

  /**
   * @param what to measure; there is only {@code reconcile}
   */
  public static int run(String what, Options options, PrintStream out) {
    if (!what.equals("reconcile")) {
      throw new IllegalArgumentException("there is the bench reconcile and no " + what);
    }
    int ids = (int) options.number("--ids", 10_000, 100, IDS_MAX);
    int runs = (int) options.number("--runs", 20, 1, RUNS_MAX);
    boolean isJson = options.has("--json");
    if (!isJson) {
      out.println(ReconcileBench.head());
    }
    ReconcileBench.run(
        ids, runs, row -> out.println(isJson ? json(row, runs) : ReconcileBench.line(row, runs)));
    return 0;
  }

  private static String json(ReconcileBench.Row row, int runs) {
    return String.format(
        Locale.ROOT,
        "{\"ids\":%d,\"different\":%d,\"oneSided\":%b,\"way\":\"%s\",\"bytes\":%d,"
            + "\"flights\":%d,\"within3\":%d,\"runs\":%d}",
        row.ids(),
        row.different(),
        row.isOneSided(),
        row.way(),
        row.bytes(),
        row.flights(),
        row.within3(),
        runs);
  }
}
