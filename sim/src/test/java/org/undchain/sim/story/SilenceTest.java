package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.liveClient;
import static org.undchain.sim.Cast.livePartner;
import static org.undchain.sim.Cast.validators;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.partner.PartnerNotice;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;
import org.undchain.sim.Scenario;

/** What becomes of a seat when one side, or both, say nothing more. */
@Tag("slow")
class SilenceTest {
  private static final long RICH = 1_000_000_000_000L;

  private final Scenario story =
      Scenario.with(validators(4), liveClient("ann"), livePartner("paul")).begin();
  private Job job;
  private Hash seat;

  @BeforeEach
  void aSeatHasStarted() {
    story.until(3, 300);
    job = Job.requested(story, 1);
    seat = job.startSeat(0, "paul");
  }

  @Test
  @Tag("case-9")
  @Tag("R7.12")
  void bothSidesSilentAfterStartCancelledAtThePayoutEscrowBackOnlyTheFeeKept() {
    story.simulation().crash(story.id("ann"));
    story.simulation().crash(story.id("paul"));
    long fees = job.fees();
    job.payout();

    assertThat(story.balance("ann")).isEqualTo(RICH - fees);
    assertThat(story.balance("paul")).isZero();
    assertThat(story.chronicle().payouts().getFirst().getJobsList()).hasSize(1);
  }

  @Test
  @Tag("R7.12")
  void aPartnerThatWasNeverPaidGivesTheSeatUpByItself() {
    story.simulation().crash(story.id("ann"));
    story.await("paul", PartnerNotice.SeatFailed.class, f -> f.contractId().equals(seat), 20_000);
    assertThat(story.told("paul", PartnerNotice.SeatClosed.class)).isEmpty();
  }

  @Test
  @Tag("case-9")
  @Tag("R7.9")
  void clientSilentThePartnerIsPaidForTheLastSignedMicroReceipt() {
    job.workAndPay(seat, "paul", 3);
    job.workAndPay(seat, "paul", 7);
    story.simulation().crash(story.id("ann"));

    assertThat(job.closedAt("paul", seat))
        .matches(closed -> closed.kind() == CompletionKind.COMPLETION_KIND_PARTIAL)
        .matches(closed -> closed.amount() == 7 * Job.PRICE);
    long fees = job.fees();
    job.payout();
    assertThat(story.balance("paul")).isEqualTo(afterCommission(7 * Job.PRICE));
    assertThat(story.balance("ann")).isEqualTo(RICH - 7 * Job.PRICE - fees);
  }

  @Test
  @Tag("R7.9")
  void partnerSilentTheClientsCompletionPaysWhatWasSigned() {
    job.workAndPay(seat, "paul", 5);
    story.simulation().crash(story.id("paul"));
    story.ask("ann", new ClientCommand.LeaveSeat(seat));

    assertThat(job.completed(seat))
        .matches(done -> done.kind() == CompletionKind.COMPLETION_KIND_PARTIAL)
        .matches(done -> done.amount() == 5 * Job.PRICE && done.height() > 0);
    job.payout();
    assertThat(story.balance("paul")).isEqualTo(afterCommission(5 * Job.PRICE));
  }

  @Test
  @Tag("R7.13")
  void aCloseThatThePartnerNeverSignsEndsAsAPartialOfTheClient() {
    job.workAndPay(seat, "paul", 2);
    story.simulation().crash(story.id("paul"));
    job.close(seat);

    assertThat(job.completed(seat))
        .matches(done -> done.kind() == CompletionKind.COMPLETION_KIND_PARTIAL)
        .matches(done -> done.amount() == 2 * Job.PRICE);
    assertThat(story.told("ann", ClientNotice.ReceiptSigned.class)).isEmpty();
  }

  @Test
  @Tag("R7.9")
  void aCloseThatComesAfterThePartnersPartialStillBecomesTheReceipt() {
    job.workAndPay(seat, "paul", 4);
    story.simulation().network().partition(java.util.List.of(story.id("ann")));
    assertThat(job.closedAt("paul", seat).kind()).isEqualTo(CompletionKind.COMPLETION_KIND_PARTIAL);
    story.simulation().network().heal();
    job.close(seat);

    assertThat(job.completed(seat).kind()).isEqualTo(CompletionKind.COMPLETION_KIND_DUAL);
    story.await(
        "paul",
        PartnerNotice.SeatClosed.class,
        closed -> closed.kind() == CompletionKind.COMPLETION_KIND_DUAL,
        20_000);
    job.payout();
    assertThat(story.balance("paul")).isEqualTo(afterCommission(4 * Job.PRICE));
  }

  private long afterCommission(long amount) {
    return amount - Grains.share(amount, story.chain().rules().commissionBps());
  }
}
