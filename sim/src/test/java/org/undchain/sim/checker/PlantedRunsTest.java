package org.undchain.sim.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;
import static org.undchain.sim.checker.Planting.assertViolates;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Cert;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.Vote;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;
import org.undchain.sim.SimulationFailure;
import org.undchain.sim.Traitor;
import org.undchain.sim.Violation;

/** Violations that need a whole chain to be made: records of a good run, changed a little. */
class PlantedRunsTest {
  private static final long PERIOD = 48;

  private final Scenario story =
      Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).period(PERIOD).begin();

  private List<LogRecord> log() {
    return story.simulation().disk(story.validator(0)).durable();
  }

  private LogRecord firstBlock() {
    return log().stream().filter(LogRecord::hasBlock).findFirst().orElseThrow();
  }

  @Test
  @Tag("QuorumChecker")
  void aBlockWithOneVoteLessThanTheQuorum() {
    story.until(2, 0);
    ValidatorSet set = ValidatorSet.of(GenesisBlock.firstSet(story.chain())).orElseThrow();
    QuorumChecker checker =
        new QuorumChecker(story.chain().context(), story.chain().signatures(), set);
    NodeId node = story.validator(0);
    checker.onDurable(node, firstBlock());
    LogRecord.Builder forged = firstBlock().toBuilder();
    Cert.Builder qc = forged.getBlockBuilder().getHeadBuilder().getQcBuilder();
    qc.setSigs(0, qc.getSigs(1));
    assertViolates("S1", () -> checker.onDurable(node, forged.build()));
  }

  @Test
  @Tag("ReplayChecker")
  void aLogThatDoesNotLeadToTheStateThatWasTold() {
    Scenario other =
        Scenario.with(validators(4), client("ann"), client("bob", 1_000_000))
            .period(PERIOD)
            .begin();
    story.until(1, 0);
    story.submit("ann", story.transfer("ann", "bob", 7, 1), story.validators());
    story.until(5, 0);
    other.until(5, 0);
    assertThat(story.chain().context()).isEqualTo(other.chain().context());
    assertThatNothingIsWrong(() ->
        new ReplayChecker(story.chain(), story.chronicle())
            .judge(story.simulation().disk(story.validator(0))));
    assertViolates(
        "S8",
        () ->
            new ReplayChecker(story.chain(), other.chronicle())
                .judge(story.simulation().disk(story.validator(0))));
  }

  private static void assertThatNothingIsWrong(Runnable judge) {
    judge.run();
  }

  @Test
  @Tag("PayoutChecker")
  void aPayoutFileThatLacksAJobFileOrChangesOne() {
    story.until(PERIOD + 1, 0);
    NodeId node = story.validator(0);
    LogRecord payout = log().stream().filter(LogRecord::hasPayout).findFirst().orElseThrow();
    PayoutFile file = payout.getPayout().getFile();

    assertViolates("S13", () -> shown().onDurable(node, withFile(payout, lacking(file))));
    PayoutFile.Builder stranger = file.toBuilder();
    stranger.getSlotsBuilder(0).clearIds();
    assertViolates("S13", () -> shown().onDurable(node, withFile(payout, stranger.build())));
    assertThatNothingIsWrong(() -> shown().onDurable(node, payout));
  }

  private static PayoutFile lacking(PayoutFile file) {
    return file.toBuilder().removeSlots(0).build();
  }

  private static LogRecord withFile(LogRecord record, PayoutFile file) {
    return record.toBuilder().setPayout(record.getPayout().toBuilder().setFile(file)).build();
  }

  private PayoutChecker shown() {
    PayoutChecker checker = new PayoutChecker(story.chain().context());
    for (LogRecord record : log()) {
      if (record.hasBlock()) {
        checker.onDurable(story.validator(0), record);
      }
    }
    return checker;
  }

  @Test
  @Tag("ConvictionChecker")
  void aValidatorThatIsConvictedAndSaidToBeInnocent() {
    Traitor.Lie lie =
        new Traitor.Lie() {
          @Override
          public List<Vote> instead(Traitor liar, BlockTime now, Vote vote) {
            return vote.getHeight() == 3
                ? List.of(vote, vote.toBuilder().clearValue().build())
                : List.of(vote);
          }
        };
    Scenario lying = Scenario.with(validators(4), client("ann")).traitor(1, lie).begin();
    lying.simulation().observe(new ConvictionChecker(node -> false));
    assertThatThrownBy(() -> lying.until(10, 0))
        .isInstanceOf(SimulationFailure.class)
        .cause()
        .isInstanceOfSatisfying(
            Violation.class, violation -> assertThat(violation.invariant()).isEqualTo("S15"));
  }
}
