package org.undchain.node.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/** A fixed series of groups of records, written to a disk that may fail, and the judge of it. */
sealed interface DiskSeries permits JournalSeries, SessionSeries {
  /** What a folder is found to be when it is opened on a good disk again. */
  enum Found {
    /** All that was acknowledged, and it goes on. */
    WHOLE,
    /** It knows that it may have forgotten something (R4.41). */
    FORGETFUL,
    /** It says what is wrong. */
    REFUSED,
    /** An earlier state, whole in itself, that nothing tells from the newest. */
    EARLIER
  }

  /**
   * Writes all groups in several lives, and ends at the first failure.
   *
   * @param acknowledged hears the number of groups, after each commit
   * @param atFailure called before what is open is closed after a failure
   */
  void run(Path data, IntConsumer acknowledged, Runnable atFailure) throws StoreException;

  int groups();

  /**
   * What a folder may hold.
   *
   * @param acknowledged groups that were, and of which no signature may be contradicted
   * @param tried groups that may be there
   * @param isDiskHonest no sync lied
   */
  record Expected(int acknowledged, int tried, boolean isDiskHonest) {}

  /**
   * @param words of a refusal
   */
  record Judgement(Found found, String words) {}

  /**
   * Opens what is left of a run on a good disk and judges it; fails for records that are torn, out
   * of order or there twice, for more than was tried, and for a second signature of one place.
   */
  Judgement judge(Path data, Expected expected, String where) throws IOException;

  static DiskSeries of(String name) {
    return switch (name) {
      case "journal" -> new JournalSeries();
      case "sessions" -> new SessionSeries();
      default -> throw new IllegalArgumentException(name);
    };
  }
}
