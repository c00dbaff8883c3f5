package org.undchain.bench.micro;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/**
 * A ratio that was measured once.
 *
 * @param commit of the sources; with an end that says so if they were changed
 * @param processor its model: two of them have two ratios of the same code
 * @param pace as {@link Pace#label}
 * @param part as {@link Part#label}; parts that are gone stay in the history
 */
record HistoryRow(
    LocalDate date, String commit, String processor, String pace, String part, double ratio) {
  static final String HEAD = "date,commit,processor,pace,part,ratio";

  HistoryRow {
    for (String text : List.of(commit, processor, pace, part)) {
      if (text.isEmpty() || text.contains(",") || text.contains("\n")) {
        throw new IllegalArgumentException("\"" + text + "\" is no field of a row");
      }
    }
    if (!(ratio > 0) || Double.isInfinite(ratio)) {
      throw new IllegalArgumentException(ratio + " is no ratio");
    }
  }

  /**
   * @throws IllegalArgumentException if it is no row
   */
  static HistoryRow parse(String line) {
    List<String> fields = List.of(line.split(",", -1));
    if (fields.size() != 6) {
      throw new IllegalArgumentException("a row has six fields, not " + fields.size());
    }
    try {
      return new HistoryRow(
          LocalDate.parse(fields.get(0)),
          fields.get(1),
          fields.get(2),
          fields.get(3),
          fields.get(4),
          Double.parseDouble(fields.get(5)));
    } catch (DateTimeException other) {
      throw new IllegalArgumentException(fields.getFirst() + " is no date", other);
    }
  }

  String line() {
    return String.format(
        Locale.ROOT, "%s,%s,%s,%s,%s,%.4f", date, commit, processor, pace, part, ratio);
  }
}
