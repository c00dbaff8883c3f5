package org.undchain.core.job;

/**
 * How many entries this validator takes first-hand into one file so that blocks keep up with slots:
 * less by a quarter when a full block came late, a little more when one was full and in time.
 *
 * <p>Two files are open, so a block that is later than a slot leaves no file for what arrives, and
 * a chain that promises more than it can commit would halt and start again and again under load. A
 * validator may refuse what it has not promised (R4.3); each finds its own measure.
 */
final class Pace {
  /** So many are taken however late blocks are: fewer cannot be why. */
  static final int LEAST = 32;

  private final int most;
  private int limit;

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
    if (isLate && taken >= LEAST) {
      limit = (int) Math.max(LEAST, Math.min(limit, taken) * 3 / 4);
    } else if (!isLate && taken >= limit) {
      limit = Math.min(most, limit + limit / 8);
    }
  }
}
