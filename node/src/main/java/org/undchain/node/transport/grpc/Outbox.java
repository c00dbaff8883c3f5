package org.undchain.node.transport.grpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What waits to leave on one connection, with named bounds: a peer that does not read must not grow
 * our heap. Any thread adds; one takes. What queued while the wire was busy leaves as one frame.
 *
 * <p>What is in no hurry waits a moment for company: whom a crowd keeps out is told to come back
 * later, and so many of these words are said that a record of its own for each would take the time
 * from those who agree.
 */
final class Outbox {
  /** Envelopes that may wait for one peer. */
  static final int ENVELOPES_MAX = 4096;

  /** Bytes that may wait for one peer; two of the longest messages fit in. */
  static final int BYTES_MAX = 2 * Frames.BYTES_MAX;

  /** A frame is closed at this size, so that a small message never waits behind a mountain. */
  static final int FRAME_BYTES = 256 << 10;

  private static final long PATIENCE_NANOS = 5_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private final long patienceNanos;
  private int bytes;
  private boolean isUrgent;
  private long leavesNanos; // what waits and is in no hurry
  private boolean isClosed;

  Outbox() {
    this(PATIENCE_NANOS);
  }

  /**
   * @param patienceNanos how long what is in no hurry waits for company
   */
  Outbox(long patienceNanos) {
    this.patienceNanos = patienceNanos;
  }

  /** False if it does not fit any more: the peer is too slow. Closed boxes take and drop. */
  boolean offer(byte[] segment) {
    return offer(segment, true);
  }

  /** As {@link #offer}, for what is in no hurry. */
  boolean offerPatient(byte[] segment) {
    return offer(segment, false);
  }

  private boolean offer(byte[] segment, boolean isNow) {
    lock.lock();
    try {
      if (isClosed) {
        return true;
      }
      if (waiting.size() == ENVELOPES_MAX || bytes + segment.length > BYTES_MAX) {
        return false;
      }
      boolean isFirst = waiting.isEmpty();
      if (isFirst) {
        isUrgent = false;
        leavesNanos = System.nanoTime() + patienceNanos;
      }
      waiting.add(segment);
      bytes += segment.length;
      isUrgent |= isNow;
      if (isFirst || isUrgent || bytes >= FRAME_BYTES) {
        changed.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the taker, which looks at the wire again. */
  void wake() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The farewell leaves last, behind what waits if that is one frame at most: the wire is not asked
   * any more, and a peer that reads still gets the reason of each refusal. A mountain is dropped.
   */
  void close(List<byte[]> farewell) {
    lock.lock();
    try {
      if (!isClosed) {
        isClosed = true;
        if (bytes > FRAME_BYTES) {
          waiting.clear();
          bytes = 0;
        }
        farewell.forEach(segment -> {
          waiting.add(segment);
          bytes += segment.length;
        });
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next frame, once there is one and the wire takes it; empty when the box is closed and
   * drained.
   */
  List<byte[]> take(BooleanSupplier isWireReady) throws InterruptedException {
    lock.lock();
    try {
      while (!isClosed) {
        if (waiting.isEmpty() || !isWireReady.getAsBoolean()) {
          changed.await();
        } else if (mayWaitNanos() > 0) {
          changed.awaitNanos(mayWaitNanos());
        } else {
          break;
        }
      }
      List<byte[]> frame = new ArrayList<>();
      int size = 0;
      while (!waiting.isEmpty()
          && frame.size() < Frames.ENVELOPES_MAX
          && (frame.isEmpty() || size + waiting.element().length <= FRAME_BYTES)) {
        size += waiting.element().length;
        frame.add(waiting.remove());
      }
      bytes -= size;
      return frame;
    } finally {
      lock.unlock();
    }
  }

  private long mayWaitNanos() {
    return isUrgent || bytes >= FRAME_BYTES ? 0 : leavesNanos - System.nanoTime();
  }
}
