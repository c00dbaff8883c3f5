package org.undchain.bench;

import java.util.List;
import java.util.Locale;

/**
 * What the death of validators under full load came to (target 9).
 *
 * @param dead how many were killed
 * @param before while all were there
 * @param after from the moment of the kill on
 * @param gapAllowedMillis one slot and four delays
 */
record Killing(int dead, AgreeRow before, AgreeRow after, long gapAllowedMillis) {
  static final double SHARE_ASKED = 0.9;

  long gapMillis() {
    return after.blocks().longestGapMillis();
  }

  double blockShare() {
    return blocksPerSecond(after) / Math.max(1e-9, blocksPerSecond(before));
  }

  /** As many, but for one that the window may cut off. */
  double blockShareAsked() {
    return 1 - 1.0 / Math.max(1, before.blocks().blocks());
  }

  double jobShare() {
    return after.committedPerSecond() / Math.max(1, before.committedPerSecond());
  }

  boolean isMet() {
    return gapMillis() <= gapAllowedMillis
        && jobShare() >= SHARE_ASKED
        && blockShare() >= blockShareAsked();
  }

  List<String> lines() {
    return List.of(
        text(
            "killed at full load (%s): %d of %d; longest gap between commits %d ms (asked: at most %d"
                + " ms, before: %d ms)",
            isMet() ? "met" : "missed",
            dead,
            before.validators(),
            gapMillis(),
            gapAllowedMillis,
            before.blocks().longestGapMillis()),
        text(
            "  blocks %.2f/s, then %.2f/s: %.2f times as many (asked: as many); beyond round 0: %d,"
                + " then %d",
            blocksPerSecond(before),
            blocksPerSecond(after),
            blockShare(),
            before.blocks().laterRounds(),
            after.blocks().laterRounds()),
        text(
            "  jobs %.0f/s, then %.0f/s: %.2f times as many (asked: %.1f); promises broken: %d",
            before.committedPerSecond(),
            after.committedPerSecond(),
            jobShare(),
            SHARE_ASKED,
            before.entries().brokenPromises() + after.entries().brokenPromises()));
  }

  private static double blocksPerSecond(AgreeRow row) {
    return row.blocks().blocks() / row.seconds();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
