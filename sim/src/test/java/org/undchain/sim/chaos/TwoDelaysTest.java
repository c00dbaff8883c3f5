package org.undchain.sim.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.Envelope;
import org.undchain.core.rules.RunRules;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Delay;
import org.undchain.sim.LinkProfile;
import org.undchain.sim.Observer;
import org.undchain.sim.Scenario;

/** How fast agreement is when the files are equal: a prevote and a precommit, nothing else. */
@Tag("slow")
class TwoDelaysTest {
  private static final long DELAY_MILLIS = 40;
  private static final long STAGE_MILLIS = 100;
  private static final long FIRST_SLOT = 2;
  private static final long LAST_SLOT = 9;

  private final List<Long> after = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10})
  @Tag("R4.20")
  @Tag("R4.23")
  void withFSilentValidatorsABlockIsCommittedTwoMessageDelaysAfterR0(int n) {
    Scenario story = story(n);
    int faulty = RunRules.faulty(n);
    story.validators().subList(0, faulty).forEach(story.simulation()::crash);
    measureFrom(story, (faulty + 1) * STAGE_MILLIS);
    for (long slot = FIRST_SLOT; slot < LAST_SLOT; slot++) {
      story.until(slot, 300);
      List<NodeId> two = story.validators().subList(faulty, faulty + 2);
      story.submit("ann", story.transfer("ann", "bob", 1, slot), two);
    }
    story.until(LAST_SLOT + 1, 0);
    assertThat(after)
        .hasSizeGreaterThanOrEqualTo((int) (LAST_SLOT - FIRST_SLOT) * (n - faulty))
        .containsOnly(2 * DELAY_MILLIS);
  }

  /** The batch of the cut-off, its echo at once, a prevote and a precommit. */
  @ParameterizedTest
  @ValueSource(ints = {4, 7, 10})
  @Tag("R4.20")
  void whatCameAtTheCutOffIsCommittedFourMessageDelaysAfterIt(int n) {
    Scenario story = story(n);
    measureFrom(story, 0);
    for (long slot = FIRST_SLOT; slot < LAST_SLOT; slot++) {
      story.until(slot, story.chain().rules().slotMillis() - DELAY_MILLIS - 1);
      story.submit(
          "ann", story.transfer("ann", "bob", 1, slot), List.of(story.validator((int) slot % n)));
    }
    story.until(LAST_SLOT + 1, 0);
    assertThat(after)
        .hasSizeGreaterThanOrEqualTo((int) (LAST_SLOT - FIRST_SLOT) * n)
        .containsOnly(4 * DELAY_MILLIS);
  }

  /**
   * A request that reaches one validator before the cut-off and another behind it, but before the
   * block: it is in the lane of the next slot and in no file of it.
   */
  @ParameterizedTest
  @ValueSource(ints = {4, 7, 10})
  @Tag("R4.13")
  void whatIsInTheBlockBeforeDoesNotPutOffTheNext(int n) {
    long delay = 5; // so that the block is there before the lane's batch leaves
    Scenario story = story(n, delay);
    measureFrom(story, 0);
    long slotMillis = story.chain().rules().slotMillis();
    for (long slot = FIRST_SLOT; slot < LAST_SLOT; slot++) {
      Envelope entry = story.transfer("ann", "bob", 1, slot);
      story.until(slot, slotMillis - delay - 1);
      story.submit("ann", entry, List.of(story.validator(0)));
      story.until(slot, slotMillis - delay + 1);
      story.submit("ann", entry, List.of(story.validator(1)));
      story.until(slot + 1, 100);
      assertThat(story.chronicle().slotOf(story.idOf(entry))).contains(slot);
    }
    story.until(LAST_SLOT + 1, 0);
    assertThat(after)
        .hasSizeGreaterThanOrEqualTo((int) (LAST_SLOT - FIRST_SLOT) * n)
        .allMatch(millis -> millis <= 4 * delay);
  }

  private static Scenario story(int n) {
    return story(n, DELAY_MILLIS);
  }

  private static Scenario story(int n, long delayMillis) {
    Scenario story =
        Scenario.with(validators(n), client("ann"), client("bob", 1_000_000))
            .network(LinkProfile.perfect(new Delay(delayMillis * 1_000, 0, 0)))
            .stage(STAGE_MILLIS)
            .begin();
    story.validators().forEach(node -> story.simulation().diskDelay(node, Delay.NONE));
    return story;
  }

  /** Keeps how long after each cut-off and {@code millis} each validator commits. */
  private void measureFrom(Scenario story, long millis) {
    story
        .simulation()
        .observe(
            new Observer() {
              @Override
              public void onNotice(NodeId node, BlockTime now, Notice notice) {
                if (notice instanceof ValidatorNotice.BlockCommitted block) {
                  long slot = block.block().header().getSlot();
                  BlockTime start = story.chain().calendar().cutoffOf(slot).plusMillis(millis);
                  if (slot >= FIRST_SLOT) {
                    after.add(now.minus(start));
                  }
                }
              }
            });
  }
}
