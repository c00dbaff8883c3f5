package org.undchain.core.rules;

import org.undchain.core.value.BlockTime;

/**
 * Maps block time to slots, beats, quarters and pay periods (section 0). The anchor is (0, t0, 0)
 * at genesis. Windows scale with the period as in section 21 (integer division).
 */
public record Calendar(BlockTime t0, long slotMillis, long periodSlots) {

  public static Calendar of(RunRules rules, BlockTime t0) {
    return new Calendar(t0, rules.slotMillis(), rules.periodSlots());
  }

  /** Slot at a block time; −1 and below before the chain starts. */
  public long slotAt(BlockTime t) {
    return Math.floorDiv(t.minus(t0), slotMillis);
  }

  public BlockTime startOf(long slot) {
    return t0.plusMillis(Math.multiplyExact(slot, slotMillis));
  }

  /** C_s: start of the next slot. */
  public BlockTime cutoffOf(long slot) {
    return startOf(slot + 1);
  }

  public long periodOf(long slot) {
    return Math.floorDiv(slot, periodSlots);
  }

  public long firstSlotOf(long period) {
    return Math.multiplyExact(period, periodSlots);
  }

  public long lastSlotOf(long period) {
    return firstSlotOf(period + 1) - 1;
  }

  public boolean isLastSlot(long slot) {
    return slot == lastSlotOf(periodOf(slot));
  }

  public long beatSlots() {
    return Math.max(1, periodSlots / 240);
  }

  public long beatOf(long slot) {
    return Math.floorDiv(slot, beatSlots());
  }

  public long beatsPerPeriod() {
    return Math.ceilDiv(periodSlots, beatSlots());
  }

  public long quarterSlots() {
    return periodSlots / 16;
  }

  /** Slots before the boundary in which the set of the next period is fixed (R10.4). */
  public long selectionSlot(long period) {
    return lastSlotOf(period) + 1 - periodSlots / 24;
  }

  public long disputeSlots() {
    return periodSlots / 24;
  }

  public long carrySlots() {
    return periodSlots / 4;
  }
}
