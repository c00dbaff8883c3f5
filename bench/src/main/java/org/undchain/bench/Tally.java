package org.undchain.bench;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.undchain.core.message.RejectCode;

/** What became of the entries since it was read last. Written by many threads. */
final class Tally {
  private static final int DIGITS = 3;

  private final Recorder promise = new Recorder(DIGITS);
  private final Recorder commit = new Recorder(DIGITS);
  private final LongAdder offered = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder broken = new LongAdder();
  private final Map<RejectCode, LongAdder> refused = new EnumMap<>(RejectCode.class);

  Tally() {
    for (RejectCode code : RejectCode.values()) {
      refused.put(code, new LongAdder());
    }
  }

  /**
   * @param promise microseconds from the hand-over to the third stamp
   * @param commit microseconds from the hand-over until f + 1 validators have the block
   * @param offered entries handed over
   * @param refused entries that no validator took, by the last reason
   * @param lost entries that are in no block although their window is over
   * @param broken those of them that were promised
   */
  record Reading(
      Histogram promise,
      Histogram commit,
      long offered,
      Map<RejectCode, Long> refused,
      long lost,
      long broken) {}

  void offered(int count) {
    offered.add(count);
  }

  void promised(long micros) {
    promise.recordValue(Math.max(0, micros));
  }

  void committed(long micros) {
    commit.recordValue(Math.max(0, micros));
  }

  void refused(RejectCode code) {
    refused.getOrDefault(code, lost).increment();
  }

  void lost(boolean wasPromised) {
    lost.increment();
    if (wasPromised) {
      broken.increment();
    }
  }

  /** Takes everything out. */
  Reading read() {
    Map<RejectCode, Long> codes = new EnumMap<>(RejectCode.class);
    refused.forEach((code, count) -> {
      long taken = count.sumThenReset();
      if (taken > 0) {
        codes.put(code, taken);
      }
    });
    return new Reading(
        promise.getIntervalHistogram(),
        commit.getIntervalHistogram(),
        offered.sumThenReset(),
        codes,
        lost.sumThenReset(),
        broken.sumThenReset());
  }
}
