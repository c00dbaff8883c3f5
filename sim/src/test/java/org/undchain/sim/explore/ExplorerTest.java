package org.undchain.sim.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.sim.explore.Explorer.Finding;
import org.undchain.sim.explore.Explorer.Result;
import org.undchain.sim.explore.Explorer.Setup;

/** Every schedule up to a depth, and the number of traitors at which the first one forks. */
class ExplorerTest {
  /** Longer than any machine takes: what is not complete then hangs. */
  private static final long LIMIT_MILLIS = 30 * 60_000;

  @Test
  @Tag("case-30")
  @Tag("R4.23")
  void nothingBreaksInTwoRoundsOfFourWithATraitorAndARestart() {
    Result result = Explorer.explore(new Setup(4, 1, 2, 2, 1, LIMIT_MILLIS));
    assertThat(result.finding()).isEmpty();
    assertThat(result.isComplete()).isTrue();
    assertThat(result.states()).isGreaterThan(1_000);
  }

  @Test
  @Tag("slow")
  @Tag("R4.23")
  void nothingBreaksInThreeRoundsOfFour() {
    Result result = Explorer.explore(new Setup(4, 1, 3, 2, 1, LIMIT_MILLIS));
    assertThat(result.finding()).isEmpty();
    assertThat(result.isComplete()).isTrue();
    assertThat(result.states()).isGreaterThan(100_000);
  }

  @Test
  @Tag("case-45")
  void theFirstForkNeedsAsManyTraitorsAsTwoQuorumsShare() {
    for (int n = 4; n <= 10; n++) {
      Result fork = Explorer.explore(new Setup(n, Check.threshold(n), 1, 2, 0, LIMIT_MILLIS));
      assertThat(fork.finding().map(Finding::what))
          .as("n = %d", n)
          .contains("two values are decided (S1)");
      assertThat(fork.finding().orElseThrow().schedule()).hasSizeLessThan(6 * n);
      Result firm = Explorer.explore(new Setup(n, Check.threshold(n) - 1, 1, 2, 0, LIMIT_MILLIS));
      assertThat(firm.finding()).as("n = %d", n).isEmpty();
      assertThat(firm.isComplete()).isTrue();
    }
  }
}
