package org.undchain.core.value;

/** Money: a {@code long} number of grains, 1 UND = 10⁹ grains, every sum below 2⁶² (section 0). */
public final class Grains {
  public static final long PER_UND = 1_000_000_000L;

  /** Amounts and totals are below this. */
  public static final long LIMIT = 1L << 62;

  private Grains() {}

  /** Whether a number taken from outside may stand for an amount: 0 ≤ amount &lt; 2⁶². */
  public static boolean isAmount(long amount) {
    return amount >= 0 && amount < LIMIT;
  }

  /** {@code ⌊amount·bps/10⁴⌋} without overflow. */
  public static long share(long amount, long bps) {
    long high = Math.multiplyHigh(amount, bps);
    if (high == 0) {
      return Long.divideUnsigned(amount * bps, 10_000);
    }
    long whole = amount / 10_000;
    return Math.addExact(Math.multiplyExact(whole, bps), (amount % 10_000) * bps / 10_000);
  }

  /** {@code ⌊amount·part/whole⌋} for {@code 0 ≤ part ≤ whole < 2³¹} without overflow. */
  public static long portion(long amount, long part, long whole) {
    return Math.addExact(Math.multiplyExact(amount / whole, part), (amount % whole) * part / whole);
  }
}
