package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;

/** User stories on the end of a pay period. */
class PayPeriodTest {

  @Test
  @Tag("R12.1")
  void everyJobFileOfAPeriodComesBackFromThePayoutFileBitForBit() {
    Scenario story =
        Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).period(48).begin();
    for (int slot = 1; slot < 100; slot += 3) {
      story.until(slot, 100 + slot);
      Envelope entry = story.transfer("ann", "bob", slot, 1 + slot / 3);
      story.submit("ann", entry, List.of(story.validator(slot % 4)));
    }
    story.until(101, 0);

    assertThat(story.chronicle().payouts()).hasSize(2);
    assertThat(story.payouts().rebuilt()).isEqualTo(2 * 48 * 4);
    assertThat(story.balance("bob") - 1_000_000)
        .isEqualTo(
            java.util.stream.LongStream.iterate(1, slot -> slot < 100, slot -> slot + 3).sum());
  }

  @Test
  @Tag("R4.4")
  @Tag("slow")
  void everySlotHasItsBlockInRoundZeroWhileNobodyFails() {
    Scenario story =
        Scenario.with(validators(9, 3), client("ann"), client("bob", 1_000_000)).period(48).begin();
    story.until(100, 500);

    assertThat(story.chronicle().height()).isEqualTo(102);
    assertThat(story.rounds().values()).allMatch(round -> round == 0);
    assertThat(story.chronicle().blocks())
        .filteredOn(block -> block.header().getKind() == BlockKind.BLOCK_KIND_NORMAL)
        .allMatch(block -> block.entries().size() == 9, "each validator's BEAT is in each block");
  }

  /**
   * The hash chain of a period's beats stands on chain with the PAYOUT before it. The first BEAT
   * once came before that, and was one that fits no chain.
   */
  @Test
  @Tag("R8.1")
  void theFirstBeatsOfAPeriodComeBehindItsPayoutAndFit() {
    Scenario story = Scenario.with(validators(4), client("ann")).period(48).begin();
    story.until(54, 0);
    Set<NodeId> beaten = new TreeSet<>();
    for (CommittedBlock block : story.chronicle().blocks()) {
      for (OpenedEntry entry : block.entries()) {
        if (block.header().getPeriod() == 1 && entry.body().hasBeat()) {
          beaten.add(entry.signer());
          assertThat(story.chronicle().resultOf(entry.id())).contains(EntryResult.ENTRY_RESULT_OK);
        }
      }
    }
    assertThat(beaten).containsExactlyInAnyOrderElementsOf(story.validators());
    assertThat(story.rounds().values()).allMatch(round -> round == 0);
  }
}
