package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;
import org.undchain.sim.VirtualClock;
import org.undchain.sim.checker.ClockChecker;
import org.undchain.sim.checker.SpreadChecker;

/** A validator whose clock goes wrong while it runs, and clocks that lie at the start. */
@Tag("slow")
class ClockFaultsTest {
  private static final int WRONG = 2;

  private final Scenario story =
      Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();

  @ParameterizedTest
  @ValueSource(longs = {1_000, -1_000, 30_000, -30_000, 3_600_000, -3_600_000, 86_400_000})
  @Tag("case-54")
  void aClockThatJumpsStopsNobodyElseAndItsNodeComesBack(long millis) {
    story.until(4, 700);
    story.simulation().clock(story.validator(WRONG), VirtualClock.TRUE.stepped(millis));
    othersGoOn();
    story.simulation().clock(story.validator(WRONG), VirtualClock.TRUE);
    if (millis > 60_000) {
      restart(); // a machine never runs back in time: who was far ahead starts anew
    }
    comesBack();
  }

  @Test
  @Tag("case-54")
  void aClockThatDriftsTwoHundredPpmIsHardlyNoticed() {
    story.until(4, 0);
    long now = story.simulation().now().millis() * 1_000;
    story.simulation().clock(story.validator(WRONG), new VirtualClock(0, 200, now));
    story.simulation().clock(story.validator(0), new VirtualClock(0, -200, now));
    story.until(40, 0);
    assertThat(story.chronicle().height()).isGreaterThan(38);
    assertThat(story.rounds().values()).allMatch(round -> round == 0);
  }

  @Test
  @Tag("case-54")
  void aProcessThatStandsStillForHalfAMinuteComesBack() {
    story.until(4, 700);
    story.simulation().pause(story.validator(WRONG), 30_000);
    othersGoOn();
    story.until(20, 0);
    comesBack();
  }

  private void othersGoOn() {
    long before = story.chronicle().height();
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.submit("ann", entry, story.validators());
    story.until(14, 0);
    assertThat(story.chronicle().height()).isGreaterThan(before + 6);
    assertThat(story.balance("bob")).isEqualTo(1_000_007);
  }

  private void restart() {
    story.simulation().crash(story.validator(WRONG));
    story.simulation().start(story.validator(WRONG));
  }

  /** It votes again: with another one down it makes the quorum. */
  private void comesBack() {
    long slot = story.chain().calendar().slotAt(story.simulation().now());
    story.until(slot + 25, 0);
    NodeId wrong = story.validator(WRONG);
    assertThat(story.chronicle().height(wrong)).isGreaterThan(story.chronicle().height() - 2);
    story.simulation().crash(story.validator(0));
    long before = story.chronicle().height();
    story.until(slot + 35, 0);
    assertThat(story.chronicle().height()).isGreaterThan(before + 4);
  }

  /** f clocks lie by up to a day when all start: the others stay together and near the truth. */
  @ParameterizedTest
  @ValueSource(longs = {86_400_000, -86_400_000, 5_000, -5_000, 400})
  @Tag("case-55")
  @Tag("R3.1")
  void aFalseClockPullsTheOthersNowhere(long lie) {
    Scenario measured =
        Scenario.with(validators(4), client("ann"), client("bob", 1_000_000))
            .clocks(100L, -80L, lie, 40L)
            .begin();
    SpreadChecker spread = new SpreadChecker(measured.simulation()::now);
    measured.simulation().observe(spread);
    measured.simulation().observe(new ClockChecker(measured.chain().calendar()));
    measured.simulation().runUntil(measured.simulation().now().plusMillis(SpreadChecker.MILLIS));
    spread.judge(
        measured.validators().stream().filter(id -> !id.equals(measured.validator(2))).toList());
    assertThat(measured.chronicle().height()).isGreaterThan(15);
  }
}
