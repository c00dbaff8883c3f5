package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.liveClient;
import static org.undchain.sim.Cast.validators;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;
import org.undchain.sim.checker.FinalChecker;

/** A client's agent and validators that it can hardly reach. */
class ReachTest {
  private final Scenario story =
      Scenario.with(validators(9, 3), liveClient("ann"), client("bob", 1_000_000)).begin();

  private Envelope submitted() {
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.ask("ann", new ClientCommand.SubmitEntry(entry, false));
    return entry;
  }

  @Test
  @Tag("case-1")
  @Tag("R2.3")
  void whoReachesNobodyGoesOnWithTheSameBytesWhenSomebodyIsThereAgain() {
    story.until(2, 300);
    story.simulation().network().partition(List.of(story.id("ann")));
    story.until(3, 0);
    Envelope entry = submitted();
    story.until(7, 0);
    assertThat(story.told("ann", ClientNotice.class)).isEmpty();
    story.simulation().network().heal();
    ClientNotice.Committed done =
        story.await("ann", ClientNotice.Committed.class, told -> true, 20_000);
    assertThat(done.entryId()).isEqualTo(story.idOf(entry));
    assertThat(story.balance("bob")).isEqualTo(1_000_007);
  }

  @Test
  @Tag("case-2")
  @Tag("R4.6")
  void oneValidatorThatAnswersIsEnoughForThePromise() {
    story
        .simulation()
        .observe(
            new FinalChecker(
                ValidatorSet.of(GenesisBlock.firstSet(story.chain())).orElseThrow(),
                node -> false));
    story.until(2, 300);
    NodeId only = story.validator(4);
    for (NodeId validator : story.validators()) {
      if (!validator.equals(only)) {
        story.simulation().network().cutOneWay(story.id("ann"), validator);
        story.simulation().network().cutOneWay(validator, story.id("ann"));
      }
    }
    Envelope entry = submitted();
    ClientNotice.Promised promise =
        story.await("ann", ClientNotice.Promised.class, told -> true, 20_000);
    assertThat(promise.stampers()).as("stamps of others came along").hasSizeGreaterThanOrEqualTo(3);
    story.until(12, 0);
    assertThat(story.chronicle().slotOf(story.idOf(entry))).contains(promise.slot());
    assertThat(story.told("ann", ClientNotice.Committed.class))
        .as("one word is no proof")
        .isEmpty();
    story.simulation().network().heal();
    ClientNotice.Committed done =
        story.await("ann", ClientNotice.Committed.class, told -> true, 20_000);
    assertThat(done.result()).isEqualTo(EntryResult.ENTRY_RESULT_OK);
  }
}
