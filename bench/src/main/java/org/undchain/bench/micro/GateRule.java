package org.undchain.bench.micro;

import java.util.List;
import java.util.Locale;

/**
 * When a ratio is worse than the history: more than {@link #LIMIT} times the median of the last
 * five rows of this part, pace and model of processor. With fewer than three of these, the last
 * five of any processor are asked, and only more than {@link #LIMIT_ELSEWHERE} times their median
 * is worse: what SHA-256 costs beside other work differs from model to model.
 */
final class GateRule {
  static final double LIMIT = 1.5;
  static final double LIMIT_ELSEWHERE = 3;
  private static final int ROWS_MAX = 5;
  private static final int OWN_MIN = 3;

  private final List<HistoryRow> history;
  private final String processor;
  private final String pace;

  /**
   * @param history oldest first
   */
  GateRule(List<HistoryRow> history, String processor, String pace) {
    this.history = List.copyOf(history);
    this.processor = processor;
    this.pace = pace;
  }

  /**
   * How a ratio compares.
   *
   * @param ratio just measured
   * @param median of the rows that were asked; 0 without any
   * @param rows that were asked
   * @param limit times the median that are still good
   */
  record Judgement(String part, double ratio, double median, int rows, double limit) {
    boolean isWorse() {
      return rows > 0 && ratio > limit * median;
    }

    /** What, by how much, against what. */
    @Override
    public String toString() {
      return rows == 0
          ? String.format(Locale.ROOT, "%s: %.3f, no row to compare with", part, ratio)
          : String.format(
              Locale.ROOT,
              "%s: %.3f is %.2f times %.3f, the median of %d rows; at most %.1f times is good",
              part,
              ratio,
              ratio / median,
              median,
              rows,
              limit);
    }
  }

  Judgement judge(String part, double ratio) {
    List<HistoryRow> anywhere =
        history.stream().filter(row -> row.part().equals(part) && row.pace().equals(pace)).toList();
    List<HistoryRow> here =
        anywhere.stream().filter(row -> row.processor().equals(processor)).toList();
    return here.size() >= OWN_MIN
        ? judge(part, ratio, here, LIMIT)
        : judge(part, ratio, anywhere, LIMIT_ELSEWHERE);
  }

  private static Judgement judge(String part, double ratio, List<HistoryRow> rows, double limit) {
    List<HistoryRow> last = rows.subList(Math.max(0, rows.size() - ROWS_MAX), rows.size());
    double median =
        last.isEmpty() ? 0 : Timed.median(last.stream().map(HistoryRow::ratio).toList());
    return new Judgement(part, ratio, median, last.size(), limit);
  }
}
