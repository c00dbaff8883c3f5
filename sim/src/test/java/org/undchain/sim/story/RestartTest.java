package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.livePartner;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;

/** User stories on validators that fall and come back. */
@Tag("slow")
class RestartTest {

  @Test
  @Tag("case-42")
  @Tag("R4.37")
  void blocksGoOnWhileAnyFValidatorsAreDown() {
    Scenario story =
        Scenario.with(validators(9, 3), client("ann"), client("bob", 1_000_000)).begin();
    story.until(3, 700);
    story.simulation().crash(story.validator(1));
    story.simulation().crash(story.validator(4));
    Envelope entry = story.transfer("ann", "bob", 9, 1);
    story.submit("ann", entry, story.validators());
    story.until(20, 1_500);

    assertThat(story.chronicle().height()).isGreaterThanOrEqualTo(19);
    assertThat(story.balance("bob") - 1_000_000).isEqualTo(9);
  }

  @Test
  @Tag("R4.40")
  void aValidatorThatWasOffForFiftyBlocksCatchesUpAndVotesAgain() {
    Scenario story = Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
    NodeId sleeper = story.validator(2);
    story.until(2, 300);
    story.simulation().crash(sleeper);
    story.until(54, 0);
    story.simulation().start(sleeper);
    story.until(58, 0);
    assertThat(story.chronicle().height(sleeper)).isGreaterThan(54);

    story.simulation().crash(story.validator(0)); // the quorum of 3 now needs the one that was off
    long before = story.chronicle().height();
    story.until(66, 0);
    assertThat(story.chronicle().height()).isGreaterThan(before + 5);
    assertThat(story.rounds().get(story.chronicle().height())).isZero();
  }

  @Test
  @Tag("R4.41")
  void aValidatorThatLostAllButItsKeysJoinsAgainAndNeverSignsTwoThings() {
    for (long seed = 1; seed <= 5; seed++) {
      Scenario story =
          Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).seed(seed).begin();
      NodeId poor = story.validator(1);
      story.until(10, 1_900 + 20 * seed);
      story.simulation().crash(poor);
      story.simulation().eraseDisk(poor);
      story.simulation().start(poor);
      story.until(20, 0);
      assertThat(story.chronicle().height(poor)).as("seed %d", seed).isGreaterThan(17);

      story.simulation().crash(story.validator(3));
      long before = story.chronicle().height();
      story.until(26, 0);
      assertThat(story.chronicle().height()).as("seed %d", seed).isGreaterThan(before + 3);
    }
  }

  /**
   * The whole disk comes back from a backup, so that nothing on it tells what was signed since. Its
   * owner waits until the slots of that time are over; then it must not vote or end lanes there
   * anew.
   */
  @Test
  @Tag("case-41")
  @Tag("R4.41")
  void aValidatorFromABackupSignsNothingOfSlotsThatEndedBeforeItStarted() {
    for (long seed = 1; seed <= 5; seed++) {
      Scenario story =
          Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).seed(seed).begin();
      NodeId victim = story.validator(2);
      story.until(5, 200 * seed);
      int copied = story.simulation().disk(victim).size();
      for (int slot = 5; slot <= 9; slot++) {
        story.until(slot, 1_000);
        story.submit("ann", story.transfer("ann", "bob", 1, slot), story.validators());
      }
      story.until(9, 2_000);
      story.simulation().crash(victim);
      int written = story.simulation().disk(victim).size();
      story.simulation().loseSynced(victim, written - copied);
      story.until(12, 100 * seed);
      story.simulation().start(victim);
      story.until(20, 0); // the checker of signatures remembers both lives

      assertThat(written).as("seed %d", seed).isGreaterThan(copied);
      assertThat(story.chronicle().height(victim)).as("seed %d", seed).isGreaterThan(17);
      story.simulation().crash(story.validator(0)); // the quorum of 3 needs the restored one
      long before = story.chronicle().height();
      story.until(26, 0);
      assertThat(story.chronicle().height()).as("seed %d", seed).isGreaterThan(before + 3);
    }
  }

  /** What it signed and its backup does not hold stands in the blocks it fetches. */
  @Test
  @Tag("case-41")
  @Tag("E15")
  void aValidatorFromABackupBeatsNoSecondTimeInABeat() {
    Scenario story =
        Scenario.with(validators(4), client("ann"), livePartner("pat")).period(3_600).begin();
    NodeId victim = story.validator(2);
    story.until(14, 500);
    int copied = story.simulation().disk(victim).size();
    story.until(16, 500); // a BEAT is made in slot 15, the first of a beat of 15 slots
    story.simulation().crash(victim);
    story.simulation().loseSynced(victim, story.simulation().disk(victim).size() - copied);
    story.simulation().crash(story.id("pat")); // another BEAT would tell of another load
    story.until(20, 0);
    story.simulation().start(victim);
    story.until(32, 0); // the checker of signatures remembers both lives

    assertThat(story.chronicle().height(victim)).isGreaterThan(29);
    assertThat(beatSlots(story, victim)).hasSize(3);
  }

  /** It may have made this beat's BEAT, which nobody received yet. */
  @Test
  @Tag("R4.41")
  @Tag("E15")
  void aValidatorThatLostItsLogLeavesOutTheBeatThatRuns() {
    Scenario story =
        Scenario.with(validators(4), client("ann"), livePartner("pat")).period(3_600).begin();
    NodeId poor = story.validator(1);
    story.until(15, 20); // the first BEAT of a beat is on its disk, and not sent yet
    story.simulation().crash(poor);
    story.simulation().eraseDisk(poor);
    story.simulation().crash(story.id("pat"));
    story.until(15, 300);
    story.simulation().start(poor);
    story.until(32, 0);

    assertThat(beatSlots(story, poor)).containsExactly(0L, 30L);
  }

  @Test
  @Tag("case-43")
  @Tag("R4.39")
  void afterAllWereKilledEveryAcknowledgedEntryIsCommittedExactlyOnce() {
    for (long seed = 1; seed <= 10; seed++) {
      Scenario story =
          Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).seed(seed).begin();
      List<Envelope> entries = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        story.until(2, 1_900 + 13 * i + seed);
        Envelope entry = story.transfer("ann", "bob", 1, 1 + i);
        entries.add(entry);
        story.submit("ann", entry, story.validators());
      }
      story.simulation().runUntil(story.simulation().now().plusMillis(seed));
      story.validators().forEach(story.simulation()::crash);
      story.simulation().runUntil(story.simulation().now().plusMillis(1_000 * seed));
      story.validators().forEach(story.simulation()::start);
      long restarted = story.chain().calendar().slotAt(story.simulation().now());
      story.until(restarted + 6, 0);

      long height = story.chronicle().height();
      assertThat(height).as("seed %d", seed).isGreaterThan(5);
      for (Envelope entry : entries) {
        if (!story.acks("ann", story.idOf(entry)).isEmpty()) {
          assertThat(story.chronicle().slotOf(story.idOf(entry)))
              .as("seed %d, acknowledged entry %s", seed, story.idOf(entry))
              .isPresent();
        }
      }
    }
  }

  @Test
  @Tag("case-42")
  @Tag("R4.38")
  void belowTheQuorumTheChainHaltsAndResumesWhenItIsThereAgain() {
    Scenario story = Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
    story.until(3, 500);
    story.simulation().crash(story.validator(0));
    story.simulation().crash(story.validator(1));
    story.until(15, 0);
    long halted = story.chronicle().height();
    assertThat(halted).isLessThanOrEqualTo(5);

    story.simulation().start(story.validator(0));
    story.until(25, 0);
    assertThat(story.chronicle().height()).isGreaterThan(halted + 5);
    assertThat(story.chronicle().blocks().getLast().header().getSlot()).isGreaterThanOrEqualTo(23);
  }

  /**
   * The log that is read begins in the period before: with the checkpoint of the last PAYOUT, what
   * was stamped before it, and no older block. Killed at moments all around the boundary, with
   * promises of the new period made already.
   */
  @Test
  @Tag("R4.40")
  void aRestartBeginsAtTheLastPayoutAndKeepsWhatWasPromisedBeforeIt() {
    for (int moment = 0; moment < 6; moment++) {
      Scenario story =
          Scenario.with(validators(4), client("ann"), client("bob", 1_000_000))
              .period(48)
              .seed(moment)
              .begin();
      List<Envelope> entries = new ArrayList<>();
      for (int slot = 90; slot < 144; slot++) { // to the end of period 2
        story.until(slot, 100);
        Envelope entry = story.transfer("ann", "bob", 1, slot - 89);
        entries.add(entry);
        story.submit("ann", entry, story.validators());
      }
      story.until(143, 1_500 + 300 * moment);
      story.validators().forEach(story.simulation()::crash);
      story.simulation().runUntil(story.simulation().now().plusMillis(500));
      story.validators().forEach(story.simulation()::start);
      story.until(200, 0);

      assertThat(story.chronicle().blocks().getLast().header().getSlot())
          .as("moment %d", moment)
          .isGreaterThan(195);
      for (Envelope entry : entries) {
        if (!story.acks("ann", story.idOf(entry)).isEmpty()) {
          assertThat(story.chronicle().slotOf(story.idOf(entry)))
              .as("moment %d, acknowledged entry %s", moment, story.idOf(entry))
              .isPresent();
        }
      }
      assertThat(story.payouts().rebuilt()).as("moment %d", moment).isEqualTo(4 * 48 * 4);
    }
  }

  /**
   * Who announced no key in a period keeps the one it has, and its hash chain of reveals; the set
   * names both, and with them it beats and announces again.
   */
  @Test
  @Tag("R10.9")
  void aValidatorThatWasOffForAWholePeriodBeatsAgainAndGetsANewKey() {
    Scenario story = Scenario.with(validators(4), client("ann")).period(48).begin();
    NodeId sleeper = story.validator(2);
    story.until(40, 0);
    story.simulation().crash(sleeper);
    story.until(99, 0);
    story.simulation().start(sleeper);
    story.until(110, 0);
    assertThat(beatSlots(story, sleeper)).anyMatch(slot -> slot > 99);

    story.simulation().crash(story.validator(0)); // the quorum of 3 needs the one that was off
    story.until(160, 0);
    assertThat(story.chronicle().blocks().getLast().header().getSlot()).isGreaterThan(155);
  }

  /** Nobody announced anything in the periods that are over; all go on with the keys they have. */
  @Test
  @Tag("R10.9")
  void aChainThatWasOffForWholePeriodsGoesOnAndItsValidatorsChangeTheirKeysAgain() {
    Scenario story = Scenario.with(validators(4), client("ann")).period(48).begin();
    story.until(40, 0);
    story.validators().forEach(story.simulation()::crash);
    story.until(200, 0); // in period 4
    story.validators().forEach(story.simulation()::start);
    story.until(260, 0); // in period 5
    assertThat(story.chronicle().blocks().getLast().header().getSlot()).isGreaterThan(255);
    assertThat(story.chronicle().blocks().getLast().entries())
        .as("each validator's BEAT is in each block")
        .hasSize(4);
  }

  /** Slots of the blocks that hold a BEAT of this validator. */
  private static List<Long> beatSlots(Scenario story, NodeId validator) {
    return story.chronicle().blocks().stream()
        .filter(block ->
            block.entries().stream()
                .anyMatch(entry -> entry.signer().equals(validator) && entry.body().hasBeat()))
        .map(block -> block.header().getSlot())
        .toList();
  }
}
