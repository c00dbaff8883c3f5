package org.undchain.sim.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Bytes and flights of halving, whole file and blend, for files of 100 to 100 000 entries of which
 * 0 to 10 % are missing. The seed: "Have to do some testing to see which is better, possibly a
 * blend of both?"
 */
public final class ReconcileBench {
  private static final int[] DIFFERENT_PER_MILLE = {1, 10, 100};
  private static final int[] DIFFERENT = {1, 10, 100};

  private ReconcileBench() {}

  /** One line of the table: the median of {@code runs} pairs of sets. */
  public record Row(
      int ids,
      int different,
      boolean isOneSided,
      String way,
      long bytes,
      int flights,
      int within3) {}

  /**
   * Measures all ways on the same sets.
   *
   * @param idsMax the largest file
   * @param runs pairs of sets a row
   */
  public static List<Row> run(int idsMax, int runs, Consumer<Row> each) {
    List<Row> rows = new ArrayList<>();
    for (int ids = 100; ids <= idsMax; ids *= 10) {
      for (int different : differences(ids)) {
        for (boolean isOneSided : new boolean[] {false, true}) {
          for (Exchange way : Exchange.values()) {
            Row row = row(ids, different, isOneSided, way, runs);
            rows.add(row);
            each.accept(row);
          }
        }
      }
    }
    return rows;
  }

  private static int[] differences(int ids) {
    int[] shares = Arrays.stream(DIFFERENT_PER_MILLE).map(share -> ids * share / 1000).toArray();
    return java.util.stream.IntStream.concat(Arrays.stream(DIFFERENT), Arrays.stream(shares))
        .filter(different -> different > 0 && different <= ids / 10)
        .sorted()
        .distinct()
        .toArray();
  }

  private static Row row(int ids, int different, boolean isOneSided, Exchange way, int runs) {
    long[] bytes = new long[runs];
    int[] flights = new int[runs];
    for (int run = 0; run < runs; run++) {
      IdSets sets = IdSets.draw(1000L * ids + 10L * different + run, ids, different, isOneSided);
      Exchange.Cost cost = way.of(sets, different);
      bytes[run] = cost.bytes();
      flights[run] = cost.flights();
    }
    int within3 = (int) Arrays.stream(flights).filter(count -> count <= 3).count();
    Arrays.sort(bytes);
    Arrays.sort(flights);
    String name = way.name().toLowerCase(Locale.ROOT);
    return new Row(ids, different, isOneSided, name, bytes[runs / 2], flights[runs / 2], within3);
  }

  /** The head of the table. */
  public static String head() {
    return String.format(
        Locale.ROOT,
        "%8s %8s %6s %-8s %12s %8s %9s",
        "ids",
        "missing",
        "sided",
        "way",
        "bytes",
        "flights",
        "<=3 of");
  }

  /** One line of the table. */
  public static String line(Row row, int runs) {
    return String.format(
        Locale.ROOT,
        "%8d %8d %6s %-8s %12d %8d %4d/%d",
        row.ids(),
        row.different(),
        row.isOneSided() ? "one" : "both",
        row.way(),
        row.bytes(),
        row.flights(),
        row.within3(),
        runs);
  }
}
