package org.undchain.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.undchain.core.message.RejectCode;

/**
 * What an open loop beyond the peak came to (target 8): the rate that was left, whether every
 * promise was kept, and how the excess was told to come again.
 *
 * @param peak committed a second by the best closed loop of the same run
 * @param after what became of the entries that were still on their way at the end of the row
 */
record Overload(AgreeRow row, double peak, Tally.Reading after) {
  static final double SHARE_ASKED = 0.9;

  double share() {
    return row.committedPerSecond() / Math.max(1, peak);
  }

  /** Of the row and of what it left behind. */
  long brokenPromises() {
    return row.entries().brokenPromises() + after.brokenPromises();
  }

  boolean isMet() {
    return share() >= SHARE_ASKED && brokenPromises() == 0 && row.blocks().laterRounds() == 0;
  }

  List<String> lines() {
    Tally.Reading entries = row.entries();
    long busy = entries.refused().getOrDefault(RejectCode.REJECT_CODE_BUSY, 0L);
    long refused = entries.refused().values().stream().mapToLong(Long::longValue).sum();
    return List.of(
        text(
            "overload (%s): %.0f/s offered, %.0f/s committed, %.2f of the peak of %.0f/s (asked: %.1f)",
            isMet() ? "met" : "missed",
            entries.offered() / row.seconds(),
            row.committedPerSecond(),
            share(),
            peak,
            SHARE_ASKED),
        text(
            "  promises broken: %d (asked: 0); promised and in no block: %d, in a later block than"
                + " promised: %d",
            brokenPromises(), entries.broken() + after.broken(), entries.late() + after.late()),
        text(
            "  refused: %d with BUSY, to come again after %d ms (median) to %d ms; %d for other"
                + " reasons: %s",
            busy,
            entries.againMillis().getValueAtPercentile(50),
            entries.againMillis().getMaxValue(),
            refused - busy,
            others(entries)),
        text(
            "  blocks beyond round 0: %d of %d (asked: 0)",
            row.blocks().laterRounds(), row.blocks().blocks()));
  }

  private static String others(Tally.Reading entries) {
    Map<RejectCode, Long> others = new EnumMap<>(RejectCode.class);
    others.putAll(entries.refused());
    others.remove(RejectCode.REJECT_CODE_BUSY);
    return AgreeRow.refusals(others);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
