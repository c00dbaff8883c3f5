package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.liveClient;
import static org.undchain.sim.Cast.livePartner;
import static org.undchain.sim.Cast.validators;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.partner.PartnerNotice;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;
import org.undchain.sim.Scenario;

/** Crashes, lost validators and the boundary of a period in the middle of a job. */
@Tag("slow")
class SessionRestartTest {
  private Scenario story =
      Scenario.with(validators(4), liveClient("ann"), livePartner("paul")).begin();

  @Test
  @Tag("I20")
  void aPartnerThatRestartsInTheMiddleGoesOnWhereItsRecordsEnd() {
    story.until(3, 300);
    Job job = Job.requested(story, 1);
    Hash seat = job.startSeat(0, "paul");
    job.workAndPay(seat, "paul", 3);
    restart("paul", 1500);

    assertThat(story.told("paul", PartnerNotice.SeatOpened.class)).hasSize(2);
    assertThat(story.told("paul", PartnerNotice.Credit.class).getLast())
        .isEqualTo(new PartnerNotice.Credit(seat, 3, 7));
    finish(job, seat, 9);
  }

  @Test
  @Tag("I20")
  void afterCtrlCTheSameCommandResumes() {
    story.until(3, 300);
    Job job = Job.requested(story, 1);
    Hash seat = job.startSeat(0, "paul");
    job.workAndPay(seat, "paul", 3);
    restart("ann", 4000);

    assertThat(story.told("ann", ClientNotice.SeatStarted.class)).hasSize(2);
    assertThat(story.told("ann", ClientNotice.Paid.class).getLast())
        .isEqualTo(new ClientNotice.Paid(seat, 1, 3, 3 * Job.PRICE));
    finish(job, seat, 6);
  }

  /** A crash at any moment between contract and close costs time, not money. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20, 400, 900, 1700, 2300, 2900})
  @Tag("I20")
  void whoeverCrashesWheneverTheSameBytesGoOutAgain(int millis) {
    for (String victim : java.util.List.of("paul", "ann")) {
      story =
          Scenario.with(validators(4), liveClient("ann"), livePartner("paul")).seed(millis).begin();
      story.until(3, 300);
      Job job = Job.requested(story, 1);
      Hash seat = job.offerSeat(0, "paul");
      story.simulation().runUntil(story.simulation().now().plusMillis(millis));
      if (victim.equals("ann") || !story.told("ann", ClientNotice.SeatStarted.class).isEmpty()) {
        restart(victim, 300);
      }
      job.started(seat, "paul");
      finish(job, seat, 5);
    }
  }

  @Test
  @Tag("R7.13")
  void theJobGoesOnWithoutAnyOneValidator() {
    for (int lost = 0; lost < 4; lost++) {
      story = Scenario.with(validators(4), liveClient("ann"), livePartner("paul")).begin();
      story.until(3, 0);
      story.simulation().crash(story.validator(lost));
      story.until(3, 300);
      Job job = Job.requested(story, 1);
      finish(job, job.startSeat(0, "paul"), 5);
    }
  }

  @Test
  @Tag("R10.9")
  void aPartnerFollowsTheValidatorsAcrossTheBoundaryOfAPeriod() {
    story.until(56, 300);
    Job job = Job.requested(story, 1);
    Hash seat = job.startSeat(0, "paul");
    job.workAndPay(seat, "paul", 2);
    story.until(63, 0);
    assertThat(story.chronicle().payouts()).hasSize(1);
    assertThat(job.seats()).as("carried into the next period").hasSize(1);
    finish(job, seat, 5);
    job.payout();
    assertThat(story.chronicle().payouts()).hasSize(2);
    assertThat(story.balance("paul"))
        .isEqualTo(
            5 * Job.PRICE - Grains.share(5 * Job.PRICE, story.chain().rules().commissionBps()));
  }

  @Test
  @Tag("R6.1")
  void aPartnerOfThePeriodBeforeIsOfferedInTheNext() {
    story.until(63, 300);
    Job job = Job.requested(story, 1);
    finish(job, job.startSeat(0, "paul"), 5);
  }

  private void restart(String name, long millis) {
    story.simulation().crash(story.id(name));
    story.simulation().runUntil(story.simulation().now().plusMillis(millis));
    story.simulation().start(story.id(name));
    story.simulation().runUntil(story.simulation().now().plusMillis(500));
  }

  private void finish(Job job, Hash seat, long units) {
    job.workAndPay(seat, "paul", units);
    job.close(seat);
    assertThat(job.completed(seat))
        .matches(done -> done.kind() == CompletionKind.COMPLETION_KIND_DUAL)
        .matches(done -> done.amount() == units * Job.PRICE);
    assertThat(job.closedAt("paul", seat).amount()).isEqualTo(units * Job.PRICE);
  }
}
