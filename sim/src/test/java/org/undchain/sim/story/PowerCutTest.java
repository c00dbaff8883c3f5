package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chance;
import org.undchain.sim.Scenario;
import org.undchain.sim.checker.DurabilityChecker;
import org.undchain.sim.checker.LockChecker;
import org.undchain.sim.checker.RecoveryChecker;

/** The power fails for all at once, again and again: nothing that was promised is lost. */
class PowerCutTest {
  private static final int CUTS = 50;

  @Test
  @Tag("case-43")
  @Tag("R4.39")
  @Tag("slow")
  void fiftyPowerCutsOfAllInOneSlotEachLoseNothingThatWasPromised() {
    Scenario story =
        Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).period(96).begin();
    story.simulation().observe(new DurabilityChecker((node, key) -> false));
    story.simulation().observe(new LockChecker(key -> false));
    story.simulation().observe(new RecoveryChecker());
    Chance chance = Chance.of(1, "power");
    List<Envelope> entries = new ArrayList<>();
    for (int cut = 0; cut < CUTS; cut++) {
      long slot = story.chain().calendar().slotAt(story.simulation().now());
      story.until(slot + 1, chance.below(1_900));
      Envelope entry = story.transfer("ann", "bob", 1, 1 + cut);
      entries.add(entry);
      story.submit("ann", entry, List.of(chance.pick(story.validators())));
      story.simulation().runUntil(story.simulation().now().plusMillis(chance.below(2_600)));
      cut(story, chance);
      story.simulation().runUntil(story.simulation().now().plusMillis(chance.below(500)));
      story.validators().forEach(story.simulation()::start);
      long height = story.chronicle().height();
      story
          .simulation()
          .runUntilOrFail(
              () -> story.chronicle().height() > height,
              story.simulation().now().plusMillis(30_000),
              "a block after cut " + cut);
    }
    story.untilHeight(story.chronicle().height() + 2, 30_000);
    int promised = 0;
    for (Envelope entry : entries) {
      if (!story.acks("ann", story.idOf(entry)).isEmpty()) {
        promised++;
        assertThat(story.chronicle().slotOf(story.idOf(entry))).isPresent();
      }
    }
    assertThat(promised).isGreaterThan(CUTS / 2);
  }

  /** All within two milliseconds; what lies between write and sync is lost, or is not. */
  private static void cut(Scenario story, Chance chance) {
    for (NodeId validator : story.validators()) {
      if (chance.coin()) {
        story.simulation().losePower(validator);
      } else {
        story.simulation().crash(validator);
      }
      story.simulation().runUntil(story.simulation().now().plusMillis(chance.below(2)));
    }
  }
}
