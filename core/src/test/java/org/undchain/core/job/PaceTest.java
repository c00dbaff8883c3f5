package org.undchain.core.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

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
    block(pace, 0, 4000, Came.LATE, true);
    assertThat(pace.limit()).isEqualTo(3200);
    block(pace, 0, 3200, Came.LATE, true);
    assertThat(pace.limit()).isEqualTo(2560);
  }

  @Test
  void everybodyIsDrawnWhileAllFits() {
    Pace pace = new Pace(MOST);
    for (int i = 0; i < 100; i++) {
      block(pace, 0, MOST / 2 + i, Came.SOON, true);
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
      block(pace, i, block, Came.IN_TIME, true);
      if (i >= 20) {
        assertThat(block).isBetween(MOST * 8L / 10, (long) MOST);
      }
    }
  }

  @Test
  void anEmptyBlockBeforeTellsNothingOfHowManyALotBrings() {
    Pace pace = new Pace(MOST);
    block(pace, 0, 0, Came.SOON, true);
    block(pace, 1, 4000, Came.LATE, true);
    assertThat(pace.lots(2).drawn()).isEqualTo(Lots.ALL * 3 / 4);
  }

  /** A file that was open for a part of its slot is small for that reason. */
  @Test
  void aFileThatOpenedLateMakesNoRoom() {
    Pace pace = new Pace(MOST);
    for (int i = 0; i < 40; i++) {
      block(pace, 0, 4000, Came.LATE, true);
    }
    int limit = pace.limit();
    int drawn = pace.lots(0).drawn();
    block(pace, 0, limit, Came.SOON, false);
    block(pace, 0, 1, Came.SOON, false);
    block(pace, 0, 1, Came.LATE, true);
    assertThat(pace.limit()).isEqualTo(limit);
    assertThat(pace.lots(0).drawn()).isEqualTo(drawn);
  }

  @Test
  void whenTheLoadIsGoneAllAreDrawnAgainSoon() {
    Pace pace = new Pace(MOST);
    for (int i = 0; i < 200; i++) {
      block(pace, 0, pace.limit(), Came.LATE, true);
    }
    for (int i = 0; i < 10; i++) {
      block(pace, 0, 3, Came.SOON, true);
    }
    assertThat(pace.lots(0).drawn()).isEqualTo(Lots.ALL);
  }

  @Test
  void anOutageWithoutLoadChangesNothing() {
    Pace pace = new Pace(MOST);
    for (int i = 0; i < 100; i++) {
      block(pace, 0, Pace.LEAST - 1, Came.LATE, true);
    }
    assertThat(pace.limit()).isEqualTo(MOST);
  }

  @Test
  void itNeverFallsBelowTheLeast() {
    Pace pace = new Pace(MOST);
    for (int i = 0; i < 100; i++) {
      block(pace, 0, pace.limit(), Came.LATE, true);
    }
    assertThat(pace.limit()).isEqualTo(Pace.LEAST);
  }

  @Test
  void itGrowsAgainWhileFullFilesAreInTimeAndOnlyThen() {
    Pace pace = new Pace(MOST);
    block(pace, 0, 4000, Came.LATE, true);
    block(pace, 0, 2799, Came.SOON, true);
    assertThat(pace.limit()).as("that file was not nearly full").isEqualTo(3200);
    block(pace, 0, 2800, Came.SOON, true);
    assertThat(pace.limit()).isEqualTo(3300);
    for (int i = 0; i < 100; i++) {
      block(pace, 0, pace.limit(), Came.SOON, true);
    }
    assertThat(pace.limit()).isEqualTo(MOST);
  }

  @Test
  void toWhatWasInTimeNotLongAgoItComesBackSoon() {
    Pace pace = new Pace(MOST);
    block(pace, 0, 5000, Came.SOON, true);
    block(pace, 1, 4000, Came.LATE, true);
    assertThat(pace.limit()).isEqualTo(3200);
    block(pace, 2, 3200, Came.SOON, true);
    assertThat(pace.limit()).isEqualTo(4000);
    block(pace, 3, 4000, Came.IN_TIME, true);
    assertThat(pace.limit()).isEqualTo(4125);
    block(pace, 4, 4125, Came.JUST_IN_TIME, true);
    assertThat(pace.limit()).isEqualTo(4157);
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
      block(pace, 0, file, came, true);
    }
    assertThat(late).as("of 300 blocks").isBetween(1, 50);
  }

  @Test
  void soonIsTheFirstEighthAndLateTheSecondHalf() {
    assertThat(Came.at(-100, 800)).isEqualTo(Came.SOON);
    assertThat(Came.at(99, 800)).isEqualTo(Came.SOON);
    assertThat(Came.at(100, 800)).isEqualTo(Came.IN_TIME);
    assertThat(Came.at(199, 800)).isEqualTo(Came.IN_TIME);
    assertThat(Came.at(200, 800)).isEqualTo(Came.JUST_IN_TIME);
    assertThat(Came.at(399, 800)).isEqualTo(Came.JUST_IN_TIME);
    assertThat(Came.at(400, 800)).isEqualTo(Came.LATE);
    assertThat(Came.at(0, 0)).as("no time at all").isEqualTo(Came.LATE);
  }

  /** Else it would leave out accounts that the others stamp, and they would have no promise. */
  @Test
  void whoAloneFoundABlockLateComesBackToTheMeasureOfTheOthers() {
    Pace slow = new Pace(MOST);
    Pace other = new Pace(MOST);
    for (int i = 0; i < 8; i++) { // who takes more than is offered has no measure yet
      block(slow, i, 4000, Came.LATE, true);
      block(other, i, 4000, Came.LATE, true);
    }
    for (int i = 8; i < 40; i++) {
      long bySlow = 8000L * slow.lots(i).drawn() / Lots.ALL;
      long byOther = 8000L * other.lots(i).drawn() / Lots.ALL;
      long entries = Math.max(bySlow, byOther); // what one of them stamps is in the block
      boolean isLate = i >= 10 && i < 13;
      slow.block(i, entries, bySlow, isLate ? Came.LATE : Came.JUST_IN_TIME, true);
      other.block(i, entries, byOther, Came.JUST_IN_TIME, true);
      if (i == 13) {
        assertThat(slow.limit()).isLessThan(other.limit() * 9 / 10);
      }
    }
    assertThat(slow.limit()).isBetween(other.limit() * 9 / 10, other.limit());
    assertThat(slow.lots(40).drawn()).isCloseTo(other.lots(40).drawn(), withinPercentage(10));
  }

  /** What else may be slow - a disk, a neighbour, a partition - must not take all of the rate. */
  @Test
  void blocksThatAreLateForOtherReasonsCostHalfAtMost() {
    Pace pace = new Pace(MOST);
    block(pace, 0, 2000, Came.SOON, true);
    for (int i = 0; i < 20; i++) {
      block(pace, 0, pace.limit(), Came.LATE, true);
    }
    assertThat(pace.limit()).isBetween(750, 1000);
    for (int i = 0; i < 400; i++) {
      block(pace, 0, pace.limit(), Came.LATE, true);
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
      block(pace, 0, file, file > capacity ? Came.LATE : Came.SOON, true);
      taken += i < 100 ? 0 : file;
      if (i >= 100) {
        assertThat(file).isBetween(capacity / 2, capacity + capacity / 4);
      }
    }
    assertThat(taken / 300).isGreaterThan(capacity * 8L / 10);
  }

  /** A block of entries whose accounts all are drawn here. */
  private static void block(Pace pace, long slot, long entries, Came came, boolean isWhole) {
    pace.block(slot, entries, entries, came, isWhole);
  }
}
