package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.Envelope;
import org.undchain.core.time.ClockNotice;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;
import org.undchain.sim.VirtualClock;

/** User stories on validators whose clocks are wrong when they start. */
@Tag("R3.1")
class WrongClocksTest {

  @Test
  void validatorsThatStartMinutesApartAgreeOnBlocksAllTheSame() {
    for (long seed = 1; seed <= 5; seed++) {
      Scenario story =
          Scenario.with(validators(4), client("ann"), client("bob", 1_000_000))
              .seed(seed)
              .clocks(0L, -3_000L, 90_000L, 700L)
              .begin();
      assertAgreement(story, 20);
    }
  }

  @Test
  @Tag("case-54")
  void oneWhoseClockIsWrongAfterARestartComesBackToTheOthers() {
    Scenario story =
        Scenario.with(validators(4), client("ann"), client("bob", 1_000_000))
            .clocks(0L, 0L, 0L, 0L)
            .begin();
    NodeId wrong = story.validator(2);
    story.until(6, 0);
    story.simulation().crash(wrong);
    story.simulation().clock(wrong, VirtualClock.TRUE.stepped(-40_000));
    story.until(10, 0);
    story.simulation().start(wrong);
    story.until(14, 0);
    story
        .simulation()
        .crash(story.validator(0)); // the quorum of 3 now needs the one that was wrong
    long before = story.chronicle().height();
    story.until(22, 0);
    assertThat(story.chronicle().height()).isGreaterThan(before + 5);
    assertThat(story.chronicle().height(wrong)).isEqualTo(story.chronicle().height());
  }

  private static void assertAgreement(Scenario story, long slots) {
    story.until(2, 0);
    Envelope entry = story.transfer("ann", "bob", 9, 1);
    story.submit("ann", entry, story.validators());
    story.until(slots, 0);
    for (NodeId validator : story.validators()) {
      assertThat(synchronised(story, validator)).hasSize(1);
      assertThat(story.chronicle().height(validator)).isGreaterThan(slots / 2);
    }
    assertThat(story.balance("bob") - 1_000_000).isEqualTo(9);
  }

  private static List<ClockNotice.Synchronised> synchronised(Scenario story, NodeId validator) {
    return story.simulation().notices(validator).stream()
        .filter(ClockNotice.Synchronised.class::isInstance)
        .map(ClockNotice.Synchronised.class::cast)
        .toList();
  }
}
