package org.undchain.sim.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.sim.Signatures;
import org.undchain.sim.TimeRules;

/**
 * Whole runs in which disks are all that fails: nobody signs twice, loses what it acknowledged or
 * begins in a wrong state, and afterwards everybody is there again. The checkers of every run
 * judge.
 */
@Tag("slow")
class DiskFaultsTest {
  private static final int SEEDS = 4;

  @Test
  @Tag("case-37")
  void syncsThatFailHangOrLieCostNoVoteAndNoPromise() {
    plays(FaultKind.WRITE_ERROR, FaultKind.SYNC_HANGS, FaultKind.LYING_SYNC);
  }

  @Test
  @Tag("case-38")
  void aFullDiskStopsItsNodeUntilThereIsRoom() {
    plays(FaultKind.DISK_FULL);
  }

  @Test
  @Tag("case-39")
  void aWriteThatWentToAnotherPlaceIsFoundAndNotBelieved() {
    plays(FaultKind.MISDIRECTED);
  }

  @Test
  @Tag("case-35")
  @Tag("case-36")
  void aTornEndIsCutAndAFlippedBitRefused() {
    plays(FaultKind.TORN_TAIL, FaultKind.BIT_FLIP);
  }

  private static void plays(FaultKind... kinds) {
    Set<FaultKind> used = EnumSet.noneOf(FaultKind.class);
    Swarm.Limits limits =
        new Swarm.Limits(
            4,
            4,
            Optional.empty(),
            Optional.of(60_000L),
            Optional.of(60),
            new TreeSet<>(List.of(kinds)),
            TimeRules.NONE,
            false);
    for (long seed = 1; seed <= SEEDS; seed++) {
      Outcome outcome =
          Run.play(
              FaultPlan.draw(seed, Swarm.draw(seed, limits)),
              Signatures.fake(),
              Optional.empty(),
              Optional.empty());
      assertThat(outcome.finding()).as("seed %d", seed).isEmpty();
      assertThat(outcome.blocks()).as("seed %d", seed).isPositive();
      used.addAll(outcome.used());
    }
    assertThat(used).containsExactlyInAnyOrder(kinds);
  }
}
