package org.undchain.core.time;

import java.util.List;

/**
 * The seed's "throw out any extremes and take the average": of m clock offsets the {@code dropped}
 * lowest and highest are left out. With at most that many liars the result lies within the range of
 * the honest ones (Lundelius Welch and Lynch, 1988).
 *
 * @param mean floor of the mean of what is left
 * @param spread of the narrowest range that holds all but the faulty ones: that of the honest
 *     clocks is never wider
 */
record FaultTolerantAverage(long mean, long spread) {

  /** R3.1: drops min(f, ⌊(m−1)/2⌋) on each side. */
  static FaultTolerantAverage of(List<Long> offsets, int faulty) {
    if (offsets.isEmpty()) {
      throw new IllegalArgumentException("no offsets");
    }
    int dropped = Math.min(faulty, (offsets.size() - 1) / 2);
    List<Long> kept =
        offsets.stream().sorted().skip(dropped).limit(offsets.size() - 2L * dropped).toList();
    long sum = kept.stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
    return new FaultTolerantAverage(
        Math.floorDiv(sum, kept.size()), spread(offsets.stream().sorted().toList(), faulty));
  }

  private static long spread(List<Long> sorted, int faulty) {
    int held = Math.max(1, sorted.size() - faulty);
    long narrowest = Long.MAX_VALUE;
    for (int i = 0; i + held <= sorted.size(); i++) {
      narrowest = Math.min(narrowest, Math.subtractExact(sorted.get(i + held - 1), sorted.get(i)));
    }
    return narrowest;
  }
}
