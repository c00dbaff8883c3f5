package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.machine.Load;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Request;
import org.undchain.core.message.UtilityClass;
import org.undchain.sim.Scenario;

/** A client that promises one escrow to two jobs, at two validators that do not know it yet. */
class DoubleSpendTest {
  private static final long GRAINS = 1_000_000;

  private final Scenario story =
      Scenario.with(validators(4), client("ann", GRAINS), client("bob", GRAINS)).begin();

  private Envelope request(long nonce, long escrow) {
    long slot = story.chain().calendar().slotAt(story.simulation().now());
    Request request =
        Request.newBuilder()
            .setNonce(nonce)
            .setValidFrom(slot)
            .setValidTo(slot + 8)
            .setUtility(UtilityClass.UTILITY_CLASS_STORAGE)
            .setSeats(1)
            .setMaxPerPartner(escrow)
            .setStartBy(slot + 20)
            .build();
    return story.seal("ann", request);
  }

  @Test
  @Tag("case-12")
  @Tag("I7")
  void ofTwoJobsThatOneBalanceCannotPayOneIsTakenAndTheOtherLacksFunds() {
    story.until(2, 300);
    Envelope one = request(1, 700_000);
    Envelope two = request(2, 700_000);
    story.submit("ann", one, List.of(story.validator(0)));
    story.submit("ann", two, List.of(story.validator(1)));
    story.until(5, 0);

    assertThat(resultsOf(one, two))
        .containsExactlyInAnyOrder(EntryResult.ENTRY_RESULT_OK, EntryResult.ENTRY_RESULT_NO_FUNDS);
    assertThat(story.balance("ann")).isBetween(1L, 300_000L);
  }

  @Test
  @Tag("case-12")
  @Tag("R4.14")
  void ofTwoJobsUnderOneNonceOneIsTakenWhicheverValidatorsStampThem() {
    story.until(2, 300);
    Envelope one = request(1, 100_000);
    Envelope two = request(1, 200_000);
    story.submit("ann", one, List.of(story.validator(0)));
    story.submit("ann", two, List.of(story.validator(1)));
    story.until(5, 0);

    assertThat(resultsOf(one, two))
        .containsExactlyInAnyOrder(EntryResult.ENTRY_RESULT_OK, EntryResult.ENTRY_RESULT_KEY_USED);
  }

  /**
   * The loser of a race over two slots is in no block. It waits no more either: an account that had
   * sixteen such losers at one validator was refused there until the validator restarted.
   */
  @Test
  @Tag("case-12")
  @Tag("R4.2")
  void anEntryWhoseNonceWasUsedInAnotherSlotCountsAsWaitingNoMore() {
    for (int i = 0; i < 18; i++) {
      story.until(2 + 3 * i, 1_999);
      story.submit("bob", story.transfer("bob", "ann", 1, 1 + i), List.of(story.validator(0)));
      story.until(3 + 3 * i, 1);
      story.submit("bob", story.transfer("bob", "ann", 2, 1 + i), List.of(story.validator(1)));
    }
    story.until(60, 500);
    Envelope last = story.transfer("bob", "ann", 3, 19);
    story.submit("bob", last, List.of(story.validator(1)));
    story.until(64, 0);

    assertThat(story.rejects("bob")).isEmpty();
    assertThat(story.chronicle().slotOf(story.idOf(last))).contains(60L);
    assertThat(story.simulation().loads(story.validator(1)))
        .filteredOn(load -> load.store().contains("wait"))
        .hasSize(2)
        .extracting(Load::size)
        .allMatch(size -> size < 10); // the beats of the last slots
  }

  private List<EntryResult> resultsOf(Envelope... entries) {
    return Stream.of(entries)
        .flatMap(entry -> story.chronicle().resultOf(story.idOf(entry)).stream())
        .toList();
  }
}
