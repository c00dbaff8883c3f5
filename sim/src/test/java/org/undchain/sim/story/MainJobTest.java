package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.liveClient;
import static org.undchain.sim.Cast.livePartner;
import static org.undchain.sim.Cast.validators;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.SubscribeCode;
import org.undchain.core.partner.PartnerNotice;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;
import org.undchain.sim.Scenario;

/** The main job: a client buys utility of partners, from its request to their payout. */
class MainJobTest {
  private static final long RICH = 1_000_000_000_000L;

  private final Scenario story =
      Scenario.with(validators(4), liveClient("ann"), livePartner("paul"), livePartner("petra"))
          .begin();

  @Test
  @Tag("R7.11")
  void twoPartnersDoTheWorkAndThePayoutPaysThemMinusTheCommission() {
    story.until(3, 300);
    Job job = Job.requested(story, 2);
    ClientNotice.Promised promised =
        story.await("ann", ClientNotice.Promised.class, p -> true, 4000);
    assertThat(promised.stampers()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(story.validators()).containsAll(promised.stampers());
    assertThat(job.offerOf("paul").score()).isEqualTo(44_400);

    Hash first = job.startSeat(0, "paul");
    Hash second = job.startSeat(1, "petra");
    for (long units = 1; units <= 3; units++) {
      job.workAndPay(first, "paul", units);
      job.workAndPay(second, "petra", 10 * units);
    }
    job.close(first);
    job.close(second);
    assertThat(job.completed(first))
        .matches(done -> done.kind() == CompletionKind.COMPLETION_KIND_DUAL)
        .matches(done -> done.amount() == 3 * Job.PRICE && done.height() > 0);
    assertThat(job.closedAt("petra", second).amount()).isEqualTo(30 * Job.PRICE);
    assertThat(story.told("ann", ClientNotice.ReceiptSigned.class)).hasSize(2);
    long fees = job.fees();
    job.payout();

    assertThat(story.balance("paul")).isEqualTo(afterCommission(3 * Job.PRICE));
    assertThat(story.balance("petra")).isEqualTo(afterCommission(30 * Job.PRICE));
    assertThat(story.balance("ann")).isEqualTo(RICH - 33 * Job.PRICE - fees);
  }

  @Test
  @Tag("R6.1")
  void aPartnerIsSubscribedAtEveryActiveValidator() {
    story.until(1, 0);
    assertThat(story.told("paul", PartnerNotice.Subscribed.class))
        .hasSize(4)
        .allMatch(answer -> answer.code() == SubscribeCode.SUBSCRIBE_CODE_OK);
  }

  @Test
  @Tag("R6.3")
  void workBeginsOnlyWhenTheEscrowIsProven() {
    story.until(3, 300);
    Job job = Job.requested(story, 1);
    job.startSeat(0, "paul");
    assertThat(story.chronicle().resultOf(job.id)).contains(EntryResult.ENTRY_RESULT_OK);
    assertThat(story.told("paul", PartnerNotice.Credit.class))
        .first()
        .matches(credit -> credit.paidUnits() == 0 && credit.allowedUnits() == 4);
  }

  @Test
  @Tag("R6.3")
  void aSeatTakenAtOnceStartsInTheBlockAfterItsRequests() {
    story.until(3, 300);
    Job job = Job.requested(story, 1);
    Hash seat = job.startSeat(0, "paul");
    long requested = story.chronicle().slotOf(job.id).orElseThrow();
    assertThat(job.seats())
        .singleElement()
        .matches(leaf -> Hash.of(leaf.getContractId()).equals(seat))
        .matches(leaf -> leaf.getStartSlot() == requested + 1);
  }

  @Test
  @Tag("R6.4")
  void everyBidIsToldOnceThoughSeveralValidatorsOfferIt() {
    story.until(3, 300);
    Job job = Job.requested(story, 2);
    story.until(8, 0);
    assertThat(story.told("ann", ClientNotice.Offered.class))
        .extracting(ClientNotice.Offered::partner)
        .containsExactlyInAnyOrderElementsOf(List.of(story.id("paul"), story.id("petra")));
    assertThat(story.told("paul", PartnerNotice.Bidding.class))
        .singleElement()
        .matches(bid -> bid.jobId().equals(job.id));
  }

  private long afterCommission(long amount) {
    return amount - Grains.share(amount, story.chain().rules().commissionBps());
  }
}
