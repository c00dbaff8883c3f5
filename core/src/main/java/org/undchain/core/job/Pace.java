package org.undchain.core.job;

/**
 * How many entries this validator takes first-hand into one file so that blocks keep up with slots:
 * a fifth less after a block that was late, a quarter more after a full one in time.
 *
 * <p>Two files are open, so a block that is later than a slot leaves no file for what arrives, and
 * a chain that promises more than it can commit would halt and start again and again under load. A
 * validator may refuse what it has not promised (R4.3); each finds its own measure. Blocks are late
 * for other reasons too, so it does not fall below half of what was in time not long ago.
 */
final class Pace {
  /** So many are taken however late blocks are: fewer cannot be why. */
  static final int LEAST = 32;

  /** What was in time once counts for less with each block: for half of it after 69. */
  private static final int FADING = 100;

  private final int most;
  private int limit;
  private long inTime;

  /**
   * @param most what the rules let a lane bring first-hand
   */
  Pace(int most) {
    this.most = most;
    this.limit = most;
  }

  /** Entries that a file may take now. */
  int limit() {
    return limit;
  }

  /**
   * The block of a file came.
   *
   * @param taken what this validator took into it first-hand
   * @param isLate whether the next file was all but over by then
   */
  void block(long taken, boolean isLate) {
    inTime -= inTime / FADING;
    if (isLate && taken >= LEAST) {
      long least = Math.max(LEAST, inTime / 2);
      limit = (int) Math.min(limit, Math.max(least, taken * 4 / 5));
    } else if (!isLate) {
      inTime = Math.max(inTime, taken);
      limit = taken >= limit ? Math.min(most, limit + limit / 4) : limit;
    }
  }
}
