package org.undchain.bench;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
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
  private final LongAdder late = new LongAdder();
  private final Recorder againMillis = new Recorder(DIGITS);
  private final LongAdder allCommitted = new LongAdder();
  private final AtomicLong owed = new AtomicLong();
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
   * @param late in a block behind the one that f + 1 stamps named
   * @param againMillis when those who were refused with BUSY were asked to come again
   */
  record Reading(
      Histogram promise,
      Histogram commit,
      long offered,
      Map<RejectCode, Long> refused,
      long lost,
      long broken,
      long late,
      Histogram againMillis) {
    /** What f + 1 validators promised and did not keep: none of them may be. */
    long brokenPromises() {
      return broken + late;
    }
  }

  void offered(int count) {
    offered.add(count);
  }

  void promised(long micros) {
    promise.recordValue(Math.max(0, micros));
    owed.incrementAndGet();
  }

  void committed(long micros, boolean isLate) {
    commit.recordValue(Math.max(0, micros));
    allCommitted.increment();
    if (isLate) {
      late.increment();
    }
  }

  void refused(RejectCode code, long retryAfterMillis) {
    refused.getOrDefault(code, lost).increment();
    if (code == RejectCode.REJECT_CODE_BUSY) {
      againMillis.recordValue(retryAfterMillis);
    }
  }

  void lost(boolean wasPromised) {
    lost.increment();
    if (wasPromised) {
      broken.increment();
    }
  }

  /** An entry that was promised is in a block, or is lost. */
  void settled() {
    owed.decrementAndGet();
  }

  /** Promised entries of which it is not known yet whether the promise is kept. */
  long owed() {
    return owed.get();
  }

  /** Entries in blocks since the beginning, whatever was read. */
  long allCommitted() {
    return allCommitted.sum();
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
        broken.sumThenReset(),
        late.sumThenReset(),
        againMillis.getIntervalHistogram());
  }
}
