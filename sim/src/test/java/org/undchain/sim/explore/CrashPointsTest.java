package org.undchain.sim.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A validator may die at any record it writes (R4.40). */
@Tag("slow")
class CrashPointsTest {

  @Test
  @Tag("case-31")
  @Tag("case-32")
  @Tag("case-40")
  @Tag("R4.40")
  @Tag("S25")
  void aValidatorMayDieAtAnyRecordOfTwoSlotsAndOfAPayoutAndAgainInItsRecovery() {
    CrashPoints.Result result = CrashPoints.explore(300_000);
    assertThat(result.finding()).isEmpty();
    assertThat(result.points()).isGreaterThan(100);
  }
}
