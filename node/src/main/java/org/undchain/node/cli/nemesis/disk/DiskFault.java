package org.undchain.node.cli.nemesis.disk;

import java.util.Set;

/**
 * What a disk does to some of the calls on it.
 *
 * @param calls kinds that are counted
 * @param at the first call that is hit, from 1 on, counted since the disk was armed
 * @param count how many calls in a row are hit; 0: all from then on
 * @param error number that a failing call leaves ({@link #EIO}, {@link #ENOSPC})
 * @param millis how long a slow call takes
 */
public record DiskFault(
    Set<DiskCall> calls, Effect effect, long at, long count, int error, long millis) {
  /** The device failed. */
  public static final int EIO = 5;

  /** No room is left. */
  public static final int ENOSPC = 28;

  public DiskFault {
    calls = Set.copyOf(calls);
  }

  /** What happens to a call; {@code faulty-disk.c} has the same in the same order. */
  public enum Effect {
    GOOD,
    /** It does nothing and fails. */
    FAIL,
    /** It writes half of the bytes and fails. */
    HALF,
    /** It does everything and fails all the same. */
    DONE,
    /** It writes half of the bytes and says so, which the C library's contract allows. */
    SHORT,
    /** It takes long. */
    SLOW,
    /** It does nothing and says that it did. */
    LIE
  }

  /** Some calls fail. */
  public static DiskFault failing(
      Set<DiskCall> calls, Effect effect, long at, long count, int error) {
    return new DiskFault(calls, effect, at, count, error, 0);
  }

  /** All calls of these kinds take long. */
  public static DiskFault slow(Set<DiskCall> calls, long millis) {
    return new DiskFault(calls, Effect.SLOW, 1, 0, 0, millis);
  }

  /** Nothing happens; the calls are counted. */
  public static DiskFault none(Set<DiskCall> calls) {
    return new DiskFault(calls, Effect.GOOD, 0, 0, 0, 0);
  }
}
