package org.undchain.bench.peers;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/** Keeps so many commands unanswered for so long. The first fifth of the time is not counted. */
final class ClosedLoop {
  private static final int DIGITS = 3;
  private static final long LAST_ANSWER_SECONDS = 60;

  private final Peer peer;
  private final int unanswered;
  private final int seconds;
  private final Recorder micros = new Recorder(DIGITS);
  private final LongAdder failed = new LongAdder();

  ClosedLoop(Peer peer, int unanswered, int seconds) {
    this.peer = peer;
    this.unanswered = unanswered;
    this.seconds = seconds;
  }

  PeerRow run(Ensemble ensemble) throws IOException, InterruptedException {
    Semaphore places = new Semaphore(unanswered);
    long length = TimeUnit.SECONDS.toNanos(seconds);
    long begin = System.nanoTime() + length / 5;
    long end = begin - length / 5 + length;
    while (System.nanoTime() - end < 0) {
      places.acquire();
      long handed = System.nanoTime();
      ensemble.submit(isCommitted -> {
        answered(isCommitted, handed, begin, end);
        places.release();
      });
    }
    if (!places.tryAcquire(unanswered, LAST_ANSWER_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException(
          peer.label() + " left a command unanswered for " + LAST_ANSWER_SECONDS + " s");
    }
    return new PeerRow(
        peer, unanswered, (end - begin) / 1e9, micros.getIntervalHistogram(), failed.sum());
  }

  private void answered(boolean isCommitted, long handed, long begin, long end) {
    long now = System.nanoTime();
    if (!isCommitted) {
      failed.increment();
    } else if (now - begin >= 0 && now - end <= 0) {
      micros.recordValue(TimeUnit.NANOSECONDS.toMicros(now - handed));
    }
  }
}
