package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.undchain.sim.Cast.validators;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.undchain.core.codec.Canonical;
import org.undchain.core.ledger.Table;
import org.undchain.core.machine.DamagedRecords;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.CheckpointRecord;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.StateRow;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.sync.Archive;
import org.undchain.core.validator.Validator;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.sim.FakeSignatures;
import org.undchain.sim.NamedKeys;
import org.undchain.sim.Observer;
import org.undchain.sim.Scenario;
import org.undchain.sim.Signatures;

/**
 * A log that is whole by its check sums and not what the validator wrote is refused, never executed
 * (case 36).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedLogTest {
  private static final int PERIOD = 48;

  private final List<LogRecord> log = new ArrayList<>();
  private Scenario story;

  @BeforeAll
  void live() {
    story = Scenario.with(validators(4)).period(PERIOD).begin(Signatures.fake());
    NodeId self = story.validator(0);
    story
        .simulation()
        .observe(
            new Observer() {
              @Override
              public void onDurable(NodeId node, LogRecord record) {
                if (node.equals(self)) {
                  log.add(record);
                }
              }
            });
    story.until(story.chain().calendar().firstSlotOf(1) + 3, 0);
  }

  @Test
  void theLogAsItIsGoesOnWhereItEnded() {
    assertThat(started(log).began().height()).isGreaterThan(PERIOD);
  }

  @Test
  @Tag("R4.40")
  @Tag("case-36")
  void aBlockThatNobodyDecidedIsNotExecuted() {
    Predicate<LogRecord> isNormal =
        record ->
            record.hasBlock()
                && record.getBlock().getHead().getHeader().getKind() == BlockKind.BLOCK_KIND_NORMAL;
    List<LogRecord> untilPayout = log.stream().filter(it -> !it.hasCheckpoint()).toList();
    assertRefused(
        changed(
            untilPayout,
            isNormal,
            record -> {
              LogRecord.Builder other = record.toBuilder();
              other.getBlockBuilder().getHeadBuilder().getHeaderBuilder().setNextSlot(7);
              return other.build();
            }),
        "not the one that was decided");
  }

  @Test
  void twoBlocksOfOneHeightAreNoLog() {
    assertRefused(
        changed(
            log,
            record -> isPayout(record),
            record -> {
              LogRecord.Builder other = record.toBuilder();
              other.getBlockBuilder().getHeadBuilder().getHeaderBuilder().setRulesHash(bytes(32));
              return other.build();
            }),
        "two blocks");
  }

  @Test
  void aBeatThatCannotBeReadIsNotForgotten() {
    assertRefused(
        changed(
            log,
            LogRecord::hasBeat,
            record ->
                record.toBuilder().setBeat(record.getBeat().toBuilder().setBody(bytes(9))).build()),
        "BEAT");
  }

  @Test
  void aLaneOrVoteThatCannotBeReadIsNotForgotten() {
    assertRefused(
        changed(
            log,
            LogRecord::hasLane,
            record -> {
              LogRecord.Builder other = record.toBuilder();
              other.getLaneBuilder().getBatchBuilder().getHeaderBuilder().setBody(bytes(9));
              return other.build();
            }),
        "own lane");
    assertRefused(
        changed(
            log,
            LogRecord::hasVote,
            record -> {
              LogRecord.Builder other = record.toBuilder();
              other.getVoteBuilder().getVoteBuilder().setBody(bytes(9));
              return other.build();
            }),
        "vote");
  }

  @Test
  void aCheckpointOfAnotherSetStateOrBeaconIsNoStart() {
    assertRefused(checkpoint(other -> other.getSetsBuilder(0).setPeriod(5)), "set");
    assertRefused(checkpoint(other -> other.getRowsBuilder(0).setValue(bytes(40))), "of no state");
    assertRefused(checkpoint(DamagedLogTest::jail), "another state than was paid");
    assertRefused(checkpoint(other -> other.getBeaconsBuilder(0).setBeacon(bytes(3))), "beacon");
  }

  /** A validator sits in jail: no sum tells. */
  private static void jail(CheckpointRecord.Builder checkpoint) {
    StateRow.Builder row =
        checkpoint.getRowsBuilderList().stream()
            .filter(each -> each.getTable() == Table.VALIDATOR.number())
            .findFirst()
            .orElseThrow();
    ValidatorLeaf validator =
        Canonical.decode(ValidatorLeaf.parser(), Bytes.of(row.getValue())).orElseThrow();
    row.setValue(Canonical.encode(validator.toBuilder().setJailed(true).build()).toByteString());
  }

  /** The log with another first checkpoint. */
  private List<LogRecord> checkpoint(Consumer<CheckpointRecord.Builder> how) {
    return changed(
        log,
        LogRecord::hasCheckpoint,
        record -> {
          LogRecord.Builder other = record.toBuilder();
          how.accept(other.getCheckpointBuilder());
          return other.build();
        });
  }

  private static boolean isPayout(LogRecord record) {
    return record.getBlock().getHead().getHeader().getKind() == BlockKind.BLOCK_KIND_PAYOUT;
  }

  private static ByteString bytes(int count) {
    return ByteString.copyFrom(new byte[count]);
  }

  /** The log with the first such record changed. */
  private static List<LogRecord> changed(
      List<LogRecord> log, Predicate<LogRecord> which, UnaryOperator<LogRecord> how) {
    List<LogRecord> changed = new ArrayList<>(log);
    int at = 0;
    while (!which.test(changed.get(at))) {
      at++;
    }
    changed.set(at, how.apply(changed.get(at)));
    return changed;
  }

  private void assertRefused(List<LogRecord> records, String why) {
    assertThatThrownBy(() -> started(records))
        .isInstanceOf(DamagedRecords.class)
        .hasMessageContaining(why);
  }

  private Validator started(List<LogRecord> records) {
    NamedKeys keys = new NamedKeys(new FakeSignatures(), "validator 0", PERIOD);
    return new Validator(story.chain(), keys, Archive.EMPTY, records, false);
  }
}
