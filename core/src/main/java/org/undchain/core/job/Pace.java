package org.undchain.core.job;

import java.util.TreeMap;

/**
 * How many entries a file may have so that blocks keep up with slots: a fifth less than a block
 * that was late, more after a full one that came well in time. It finds back quickly to what was in
 * time not long ago, and goes beyond it by a thirty-second each time or, as blocks come later, by a
 * hundred and twenty-eighth: who steps up by a quarter is far too high every other time.
 *
 * <p>Two files are open, so a block that is later than a slot leaves no file for what arrives, and
 * a chain that promises more than it can commit would halt and start again and again under load. A
 * validator may refuse what it has not promised (R4.3). Blocks are late for other reasons too, so
 * it does not fall below half of what was in time not long ago.
 *
 * <p>It goes by what the blocks hold, which all validators see alike, and leaves out accounts by
 * {@link Lots}: if each took what comes to it first, up to its own measure, the block would be the
 * sum of what all of them took. What a block holds beyond the own measure and was in time raises
 * it, and how many entries a lot brings is asked of the own lots only: so validators that found
 * another block late come back to the same measure.
 */
final class Pace {
  /** So many are taken however late blocks are: fewer cannot be why. */
  static final int LEAST = 32;

  /** What was in time once counts for less with each block: for half of it after 69. */
  private static final int FADING = 100;

  /** A file that has all but an eighth of what it may take is as good as full. */
  private static final int NEARLY = 8;

  /** The room that lots leave, so that a file is seldom full: a sixteenth. */
  private static final int SPARE = 16;

  /** The lots that are in never are fewer: one of 64. */
  private static final int LEAST_DRAWN = Lots.ALL / 64;

  /** When the block of a file came, between the vote on it and the next cut-off. */
  enum Came {
    /** In the first eighth: there is much room. */
    SOON,
    /** In the second eighth. */
    IN_TIME,
    /** In the second quarter: many more would be late. */
    JUST_IN_TIME,
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
      if (4 * sinceVote >= untilCutoff) {
        return JUST_IN_TIME;
      }
      return 8 * sinceVote >= untilCutoff ? IN_TIME : SOON;
    }
  }

  private final int most;
  private int limit;
  private int drawn = Lots.ALL;
  private final TreeMap<Long, Integer> said = new TreeMap<>(); // of the slots that are open
  private long inTime;
  private long broughtBefore; // of the block before
  private long entriesBefore;

  /**
   * @param most entries of a file, however soon its block comes
   */
  Pace(int most) {
    this.most = most;
    this.limit = most;
  }

  /** Entries that a validator takes into a file now, at most: those of all together. */
  int limit() {
    return limit;
  }

  /** Whose requests the file of a slot takes; what was said once stays so for this slot. */
  Lots lots(long slot) {
    return new Lots(slot, said.computeIfAbsent(slot, ignored -> drawn));
  }

  /**
   * The block of a file came.
   *
   * @param slot of the file
   * @param entries in it, of whomever
   * @param drawnEntries those of accounts that are in {@link #lots} of the slot: what others took
   *     beyond tells nothing of how many these lots bring
   * @param isWhole whether the file was open for all of its slot: else nobody knows how many had
   *     come
   */
  void block(long slot, long entries, long drawnEntries, Came came, boolean isWhole) {
    boolean mayBeMore = came != Came.LATE && isWhole;
    inTime -= inTime / FADING;
    if (came == Came.LATE && entries >= LEAST) {
      long least = Math.max(LEAST, inTime / 2);
      limit = (int) Math.min(limit, Math.max(least, entries * 4 / 5));
    } else if (mayBeMore) {
      inTime = Math.max(inTime, entries);
      boolean isFull = entries >= limit - limit / NEARLY;
      long more = isFull ? limit + more(came) : limit;
      limit = (int) Math.min(most, Math.max(more, (limit + entries) / 2));
    }
    draw(said.getOrDefault(slot, drawn), drawnEntries, mayBeMore);
    said.headMap(slot, true).clear();
  }

  private long more(Came came) {
    return switch (came) {
      case SOON -> Math.clamp(inTime - limit, limit / 32, limit / 4);
      case IN_TIME -> limit / 32;
      case JUST_IN_TIME -> limit / 128;
      case LATE -> 0;
    };
  }

  /**
   * As many lots as bring what a file takes; more by an eighth each time, or where there is room.
   *
   * @param brought lots that brought these entries; with those of the block before, since demand
   *     swings from one slot to the next
   */
  private void draw(int brought, long entries, boolean mayBeMore) {
    long room = limit - limit / SPARE;
    boolean isFew = entries < LEAST; // tells nothing of how many a lot brings
    long both = entries + entriesBefore;
    long aim = isFew ? Lots.ALL : (brought + broughtBefore) * room / both;
    broughtBefore = isFew ? 0 : brought;
    entriesBefore = isFew ? 0 : entries;
    long up = 2 * entries < limit ? 2L * drawn : drawn + drawn / 8;
    long highest = mayBeMore ? Math.min(up, Lots.ALL) : drawn;
    drawn = (int) Math.clamp(aim, Math.max(LEAST_DRAWN, drawn / 2), highest);
  }
}
