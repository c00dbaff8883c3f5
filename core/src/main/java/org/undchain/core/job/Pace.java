package org.undchain.core.job;

/**
 * How many entries this validator takes first-hand into one file so that blocks keep up with slots:
 * a fifth less after a block that was late, more after a full one in time - a quarter if the block
 * came soon, so that there is much room, else a thirty-second: who steps up by a quarter each time
 * is far too high every other time.
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

  /** When the block of a file came, between the vote on it and the next cut-off. */
  enum Came {
    /** In the first quarter. */
    SOON,
    /** In the second. */
    IN_TIME,
    /** So late that the file after next was about to have none. */
    LATE;

    /**
     * @param sinceVote from R0 on; negative before it
     * @param untilCutoff from R0 to the next cut-off
     */
    static Came at(long sinceVote, long untilCutoff) {
      if (2 * sinceVote >= untilCutoff) {
        return LATE;
      }
      return 4 * sinceVote < untilCutoff ? SOON : IN_TIME;
    }
  }

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
   */
  void block(long taken, Came came) {
    inTime -= inTime / FADING;
    if (came == Came.LATE && taken >= LEAST) {
      long least = Math.max(LEAST, inTime / 2);
      limit = (int) Math.min(limit, Math.max(least, taken * 4 / 5));
    } else if (came != Came.LATE) {
      inTime = Math.max(inTime, taken);
      int more = came == Came.SOON ? limit / 4 : limit / 32;
      limit = taken >= limit ? Math.min(most, limit + more) : limit;
    }
  }
}
