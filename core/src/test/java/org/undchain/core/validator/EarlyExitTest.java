package org.undchain.core.validator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When the early exit rests (R4.13b, decision 0026). */
@Tag("R4.13b")
class EarlyExitTest {
  private final EarlyExit exit = new EarlyExit(3600);

  @Test
  void aLaterRoundThatStandsAloneCostsAFewSlots() {
    exit.onLaterRound(10);
    assertThat(exit.isOn(10 + EarlyExit.SHORT_REST - 1)).isFalse();
    assertThat(exit.isOn(10 + EarlyExit.SHORT_REST)).isTrue();
  }

  @Test
  void anotherSoonBehindItCostsAQuarter() {
    exit.onLaterRound(10);
    long second = 10 + EarlyExit.SHORT_REST + 5;
    exit.onLaterRound(second);
    assertThat(exit.isOn(second + 224)).isFalse();
    assertThat(exit.isOn(second + 225)).isTrue();
  }

  @Test
  void whoStrikesWheneverItIsOnIsMetOnceInAQuarter() {
    int met = 0;
    for (long slot = 0; slot < 22_500; slot++) {
      if (exit.isOn(slot)) {
        exit.onLaterRound(slot);
        met++;
      }
    }
    assertThat(met).isLessThanOrEqualTo(22_500 / 225 + 1);
  }

  @Test
  void aLaterRoundWhileItRestsWasNotForAnEarlyExit() {
    exit.onLaterRound(10);
    exit.onLaterRound(12);
    assertThat(exit.isOn(10 + EarlyExit.SHORT_REST)).isTrue();
  }

  @Test
  void afterAQuarterThatWentWellTheNextStandsAlone() {
    exit.onLaterRound(10);
    long next = 10 + EarlyExit.SHORT_REST + 225;
    exit.onLaterRound(next);
    assertThat(exit.isOn(next + EarlyExit.SHORT_REST)).isTrue();
  }

  @Test
  void itNeverRestsForMoreThanAQuarter() {
    EarlyExit small = new EarlyExit(4);
    small.onLaterRound(0);
    assertThat(small.isOn(4)).isTrue();
  }
}
