package org.undchain.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.undchain.core.job.Pace.Came;

/** How many entries a validator takes into a file when blocks are late (R4.3, section 11). */
class PaceTest {
  private static final int MOST = 10_000;

  @Test
  void aNewValidatorTakesWhatTheRulesAllow() {
    assertThat(new Pace(MOST).limit()).isEqualTo(MOST);
  }

  @Test
  void aLateBlockMakesTheNextFileSmallerThanTheLateOne() {
    Pace pace = new Pace(MOST);
    pace.block(0, 4000, Came.LATE, true);
    assertThat(pace.limit()).isEqualTo(3200);
    pace.block(0, 3200, Came.LATE, true);
    assertThat(pace.limit()).isEqualTo(2560);
  }

  @Test
  void everybodyIsDrawnWhileAllFits() {
    Pace pace = new Pace(MOST);
    for (int i = 0; i < 100; i++) {
      pace.block(0, MOST / 2 + i, Came.SOON, true);
      assertThat(pace.lots(i).drawn()).isEqualTo(Lots.ALL);
    }
  }

  /** Twice as many as fit: after some slots lots leave out as many, and no file is full. */
  @Test
  void asManyLotsAreDrawnAsBringWhatAFileTakes() {
    Pace pace = new Pace(MOST);
    int offered = 2 * MOST;
    for (int i = 0; i < 200; i++) {
      long block = (long) offered * pace.lots(i).drawn() / Lots.ALL;
      pace.block(i, block, Came.IN_TIME, true);
      if (i >= 20) {
        assertThat(block).isBetween(MOST * 8L / 10, (long) MOST);
      }
    }
  }

  /** A file that was open for a part of its slot is small for that reason. */
  @Test
  void aFileThatOpenedLateMakesNoRoom() {
    Pace pace = new Pace(MOST);
    for (int i = 0; i < 20; i++) {
      pace.block(0, 4000, Came.LATE, true);
    }
    int limit = pace.limit();
    int drawn = pace.lots(0).drawn();
    pace.block(0, limit, Came.SOON, false);
    pace.block(0, 1, Came.SOON, false);
    pace.block(0, 1, Came.LATE, true);
    assertThat(pace.limit()).isEqualTo(limit);
    assertThat(pace.lots(0).drawn()).isEqualTo(drawn);
  }

  @Test
  void whenTheLoadIsGoneAllAreDrawnAgainSoon() {
    Pace pace = new Pace(MOST);
    for (int i = 0; i < 200; i++) {
      pace.block(0, pace.limit(), Came.LATE, true);
    }
    for (int i = 0; i < 10; i++) {
      pace.block(0, 3, Came.SOON, true);
    }
    assertThat(pace.lots(0).drawn()).isEqualTo(Lots.ALL);
  }

  @Test
  void anOutageWithoutLoadChangesNothing() {
    Pace pace = new Pace(MOST);
    for (int i = 0; i < 100; i++) {
      pace.block(0, Pace.LEAST - 1, Came.LATE, true);
    }
    assertThat(pace.limit()).isEqualTo(MOST);
  }

  @Test
  void itNeverFallsBelowTheLeast() {
    Pace pace = new Pace(MOST);
    for (int i = 0; i < 100; i++) {
      pace.block(0, pace.limit(), Came.LATE, true);
    }
    assertThat(pace.limit()).isEqualTo(Pace.LEAST);
  }

  @Test
  void itGrowsAgainWhileFullFilesAreInTimeAndOnlyThen() {
    Pace pace = new Pace(MOST);
    pace.block(0, 4000, Came.LATE, true);
    pace.block(0, 2799, Came.SOON, true);
    assertThat(pace.limit()).as("that file was not nearly full").isEqualTo(3200);
    pace.block(0, 2800, Came.SOON, true);
    assertThat(pace.limit()).isEqualTo(4000);
    for (int i = 0; i < 100; i++) {
      pace.block(0, pace.limit(), Came.SOON, true);
    }
    assertThat(pace.limit()).isEqualTo(MOST);
  }

  /** As blocks of a network that takes time for each entry: nearly all files are below its most. */
  @Test
  void nearWhatTheNetworkCommitsItStepsUpByLittle() {
    Pace pace = new Pace(MOST);
    int capacity = 1700;
    int late = 0;
    for (int i = 0; i < 400; i++) {
      int file = pace.limit();
      Came came = Came.at(200L * file / capacity, 401);
      if (i >= 100 && came == Came.LATE) {
        late++;
        assertThat(file).isBetween(capacity, capacity + capacity / 16);
      }
      pace.block(0, file, came, true);
    }
    assertThat(late).as("of 300 blocks").isBetween(1, 50);
  }

  @Test
  void soonIsTheFirstQuarterAndLateTheSecondHalf() {
    assertThat(Came.at(-100, 800)).isEqualTo(Came.SOON);
    assertThat(Came.at(199, 800)).isEqualTo(Came.SOON);
    assertThat(Came.at(200, 800)).isEqualTo(Came.IN_TIME);
    assertThat(Came.at(399, 800)).isEqualTo(Came.IN_TIME);
    assertThat(Came.at(400, 800)).isEqualTo(Came.LATE);
    assertThat(Came.at(0, 0)).as("no time at all").isEqualTo(Came.LATE);
  }

  /** What else may be slow - a disk, a neighbour, a partition - must not take all of the rate. */
  @Test
  void blocksThatAreLateForOtherReasonsCostHalfAtMost() {
    Pace pace = new Pace(MOST);
    pace.block(0, 2000, Came.SOON, true);
    for (int i = 0; i < 20; i++) {
      pace.block(0, pace.limit(), Came.LATE, true);
    }
    assertThat(pace.limit()).isBetween(750, 1000);
    for (int i = 0; i < 400; i++) {
      pace.block(0, pace.limit(), Came.LATE, true);
    }
    assertThat(pace.limit()).as("but if it lasts, it counts").isLessThan(100);
  }

  /** A network that commits so many in time and no more: the limit stays near it. */
  @Test
  void itSettlesNearWhatTheNetworkCommits() {
    Pace pace = new Pace(MOST);
    int capacity = 1700;
    long taken = 0;
    for (int i = 0; i < 400; i++) {
      int file = pace.limit();
      pace.block(0, file, file > capacity ? Came.LATE : Came.SOON, true);
      taken += i < 100 ? 0 : file;
      if (i >= 100) {
        assertThat(file).isBetween(capacity / 2, capacity + capacity / 4);
      }
    }
    assertThat(taken / 300).isGreaterThan(capacity * 8L / 10);
  }
}
