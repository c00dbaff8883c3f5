package org.undchain.core.validator;

/**
 * When a vote may begin before R0 (R4.13b). A liar who makes the others believe that all files are
 * equal costs them a later round, so after one the early exit rests: for a few slots, since a short
 * want of processor time does the same, and for a quarter unless it went well for as long before
 * (decision 0026). So a liar brings about one later round in a quarter, and once one more.
 */
final class EarlyExit {
  /** Slots in which it rests after a later round that stands alone. */
  static final long SHORT_REST = 16;

  private static final long LONG_REST = 225;

  private final long longRest;
  private long from;
  private long wellFrom;

  EarlyExit(long quarterSlots) {
    this.longRest = Math.min(LONG_REST, quarterSlots);
  }

  boolean isOn(long slot) {
    return slot >= from;
  }

  /** The block of this slot was decided in a round ≥ 1. */
  void onLaterRound(long slot) {
    if (!isOn(slot)) {
      return; // not for an early exit
    }
    boolean isAlone = slot >= wellFrom;
    from = slot + (isAlone ? Math.min(SHORT_REST, longRest) : longRest);
    wellFrom = from + longRest;
  }
}
