package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.liveClient;
import static org.undchain.sim.Cast.livePartner;
import static org.undchain.sim.Cast.validators;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.message.JobRow;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;
import org.undchain.sim.checker.CoverChecker;
import org.undchain.sim.checker.RecoveryChecker;
import org.undchain.sim.checker.SeatPayChecker;
import org.undchain.sim.checker.SettlementChecker;

/** A receipt that comes when the period ends, while validators die in the payout. */
@Tag("slow")
class BoundaryTest {
  private static final long PERIOD = 48;

  /**
   * @param millis from the last cut-off of the period to the close of the seat
   */
  @ParameterizedTest
  @Tag("case-40")
  @ValueSource(longs = {-200, -60, -40, -20, -2, -1, 0, 1, 2, 300})
  @Tag("case-78")
  @Tag("I11")
  void aReceiptAroundTheBoundaryIsPaidOnceInTheRightPeriodWhoeverDiesInThePayout(long millis) {
    Scenario story =
        Scenario.with(validators(4), liveClient("ann"), livePartner("paul")).period(PERIOD).begin();
    story.simulation().observe(new SettlementChecker(story.chain()));
    story.simulation().observe(new SeatPayChecker(story.chain().context()));
    story
        .simulation()
        .observe(new CoverChecker(story.chain().context(), story.chain().signatures()));
    story.simulation().observe(new RecoveryChecker());
    story.until(36, 300);
    Job job = Job.requested(story, 1);
    Hash seat = job.startSeat(0, "paul");
    job.workAndPay(seat, "paul", 6);
    BlockTime boundary = story.chain().calendar().cutoffOf(PERIOD - 1);
    story.simulation().at(boundary.plusMillis(millis), () -> job.close(seat));
    story.simulation().runUntil(boundary.plusMillis(150));
    NodeId victim = story.validator((int) Math.floorMod(millis, 4));
    untilPayoutIsWritten(story, victim);
    story.simulation().losePower(victim);
    story.until(PERIOD + 1, 0);
    story.simulation().start(victim);
    story.until(2 * PERIOD + 2, 0);

    long paidRows =
        story.chronicle().payouts().stream()
            .flatMap(file -> file.getJobsList().stream())
            .flatMap(row -> row.getSeatsList().stream())
            .filter(row -> row.getPaid() > 0)
            .count();
    assertThat(paidRows).isEqualTo(1);
    assertThat(story.balance("paul"))
        .isEqualTo(
            6 * Job.PRICE - Grains.share(6 * Job.PRICE, story.chain().rules().commissionBps()));
    assertThat(periodOfPay(story)).isEqualTo(periodOfReceipt(story, seat));
    assertThat(story.chronicle().height(victim)).isGreaterThan(2 * PERIOD);
  }

  /** The PAYOUT block stands in the log, written but not durable: the worst moment to die. */
  private static void untilPayoutIsWritten(Scenario story, NodeId victim) {
    story
        .simulation()
        .runUntilOrFail(
            () ->
                story.simulation().disk(victim).records().stream()
                    .anyMatch(record -> record.hasPayout()),
            story.simulation().now().plusMillis(8_000),
            "the payout in the log");
  }

  private static long periodOfPay(Scenario story) {
    return story.chronicle().payouts().stream()
        .filter(file -> file.getJobsList().stream().anyMatch(BoundaryTest::isPaid))
        .findFirst()
        .orElseThrow()
        .getHeader()
        .getPeriod();
  }

  private static boolean isPaid(JobRow row) {
    return row.getSeatsList().stream().anyMatch(seat -> seat.getPaid() > 0);
  }

  private static long periodOfReceipt(Scenario story, Hash seat) {
    return story.chronicle().blocks().stream()
        .filter(block ->
            block.entries().stream()
                .anyMatch(entry ->
                    entry.body().hasComplete()
                        && Hash.of(entry.body().getComplete().getContractId()).equals(seat)))
        .findFirst()
        .orElseThrow()
        .header()
        .getPeriod();
  }
}
