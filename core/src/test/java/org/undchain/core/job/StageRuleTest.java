package org.undchain.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.value.BlockTime;

/** How many stamps of others an id needs, to the millisecond. */
class StageRuleTest {
  private static final long STAGE = 300;
  private static final BlockTime CUTOFF = new BlockTime(1_000_000);

  @Test
  @Tag("R4.12")
  void oneStampIsEnoughForTheFirstStageAndEachStageAsksForOneMore() {
    assertThat(needed(-1)).isEqualTo(1);
    assertThat(needed(STAGE)).isEqualTo(1);
    assertThat(needed(STAGE + 1)).isEqualTo(2);
    assertThat(needed(2 * STAGE - 1)).isEqualTo(2);
    assertThat(needed(2 * STAGE)).isEqualTo(3);
    assertThat(needed(3 * STAGE)).isEqualTo(4);
  }

  private static int needed(long afterCutoff) {
    return StageRule.stampsNeeded(CUTOFF, STAGE, CUTOFF.plusMillis(afterCutoff));
  }
}
