package org.undchain.core.time;

import java.util.List;

/**
 * The seed's "throw out any extremes and take the average": of m clock offsets the {@code dropped}
 * lowest and highest are left out. With at most that many liars the result lies within the range of
 * the honest ones (Lundelius Welch and Lynch, 1988).
 *
 * @param mean floor of the mean of what is left
 * @param spread from the lowest to the highest of what is left
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
        Math.floorDiv(sum, kept.size()), Math.subtractExact(kept.getLast(), kept.getFirst()));
  }
}
