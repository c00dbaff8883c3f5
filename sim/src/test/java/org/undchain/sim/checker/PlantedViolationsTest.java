package org.undchain.sim.checker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.ledger.State;
import org.undchain.core.machine.Event;
import org.undchain.core.message.Block;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SetMember;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.message.Status;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteRecord;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.rules.Calendar;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Cast;
import org.undchain.sim.Scenario;
import org.undchain.sim.Violation;

/** No checker is green because it looks away: each reports a violation made for it. */
class PlantedViolationsTest {
  private static final BlockTime NOW = new BlockTime(10_000);
  private static final ByteString ONE = Hashes.tagged("one").toByteString();
  private static final ByteString TWO = Hashes.tagged("two").toByteString();
  private static final NodeId ANN = node("ann");
  private static final NodeId BEN = node("ben");

  @Test
  void aVoteAgainstTheOwnLock() {
    LockChecker checker = new LockChecker(key -> false);
    checker.onSaid(ANN, vote(ANN, 1, VoteType.VOTE_TYPE_PRECOMMIT, ONE, 0));
    checker.onSaid(ANN, vote(ANN, 2, VoteType.VOTE_TYPE_PREVOTE, ONE, 0));
    checker.onSaid(ANN, vote(ANN, 3, VoteType.VOTE_TYPE_PREVOTE, TWO, 3));
    assertViolates(
        "S3", () -> checker.onSaid(ANN, vote(ANN, 2, VoteType.VOTE_TYPE_PREVOTE, TWO, 1)));
  }

  @Test
  void twoQuorumsOfOneHeight() {
    QuorumsChecker checker = new QuorumsChecker(Optional::of, 2);
    checker.onSaid(ANN, vote(ANN, 0, VoteType.VOTE_TYPE_PRECOMMIT, ONE, 0));
    checker.onSaid(BEN, vote(BEN, 0, VoteType.VOTE_TYPE_PRECOMMIT, ONE, 0));
    checker.onSaid(ANN, vote(ANN, 1, VoteType.VOTE_TYPE_PRECOMMIT, TWO, 0));
    assertViolates(
        "S1", () -> checker.onSaid(BEN, vote(BEN, 1, VoteType.VOTE_TYPE_PRECOMMIT, TWO, 0)));
  }

  @Test
  void aVoteThatLeavesBeforeItsRecord() {
    DurabilityChecker checker = new DurabilityChecker(NodeId::equals);
    Envelope vote = vote(ANN, 0, VoteType.VOTE_TYPE_PREVOTE, ONE, 0);
    assertViolates("S4", () -> checker.onSaid(ANN, vote));
    checker.onDurable(
        ANN, LogRecord.newBuilder().setVote(VoteRecord.newBuilder().setVote(vote)).build());
    assertThatCode(() -> checker.onSaid(ANN, vote)).doesNotThrowAnyException();
    assertThatCode(() -> checker.onSaid(BEN, vote)).doesNotThrowAnyException();
  }

  @Test
  void aBlockBeforeItsCutOffAndASkipIntoTheFuture() {
    ClockChecker checker = new ClockChecker(new Calendar(new BlockTime(0), 2_000, 60));
    checker.onEvent(ANN, NOW, new Event.Started());
    checker.onDurable(ANN, block(1, 4, 5));
    assertViolates("S12", () -> checker.onDurable(ANN, block(2, 5, 6)));
    ClockChecker other = new ClockChecker(new Calendar(new BlockTime(0), 2_000, 60));
    other.onEvent(ANN, NOW, new Event.Started());
    assertViolates("S12", () -> other.onDurable(ANN, block(1, 3, 9)));
  }

  @Test
  void tooManyValidatorsOfTheOwner() {
    SetCert.Builder set = SetCert.newBuilder();
    for (int i = 0; i < 4; i++) {
      set.addMembers(
          SetMember.newBuilder()
              .setId(node("member " + i).toByteString())
              .setValidatorClass(
                  i < 2
                      ? ValidatorClass.VALIDATOR_CLASS_KNOWN
                      : ValidatorClass.VALIDATOR_CLASS_UNKNOWN));
    }
    LogRecord record =
        LogRecord.newBuilder().setPayout(PayoutRecord.newBuilder().setNextSet(set)).build();
    assertViolates("S14", () -> new SetChecker().onDurable(ANN, record));
  }

  @Test
  void anHonestPeerThatIsCutOff() {
    CourtesyChecker checker = new CourtesyChecker(BEN::equals);
    checker.onDisconnect(ANN, BEN, "lied");
    assertViolates("S16", () -> checker.onDisconnect(ANN, node("carl"), "lied"));
  }

  @Test
  void aStatusOfWhatIsNotCommitted() {
    Status status = Status.newBuilder().setEntryId(ONE).setHeight(3).build();
    Envelope said =
        Envelope.newBuilder()
            .setKind(EnvelopeKind.ENVELOPE_KIND_MESSAGE_VALUE)
            .setType(WireMessage.STATUS_FIELD_NUMBER)
            .setBody(status.toByteString())
            .build();
    assertViolates("S23", () -> new TellingChecker().onSaid(ANN, said));
  }

  @Test
  void aStartBehindTheOwnLog() {
    Scenario story = Scenario.with(Cast.validators(4), Cast.client("ann")).begin();
    story.until(3, 0);
    State state = story.chronicle().state();
    SetCert set = SetCert.getDefaultInstance();
    RecoveryChecker checker = new RecoveryChecker();
    checker.onDurable(ANN, block(1, 0, 1));
    checker.onDurable(ANN, block(2, 1, 2));
    checker.onNotice(ANN, NOW, new ValidatorNotice.Began(2, 1, state, set));
    assertViolates(
        "S25", () -> checker.onNotice(ANN, NOW, new ValidatorNotice.Began(1, 0, state, set)));
  }

  private static void assertViolates(String invariant, ThrowingCallable act) {
    assertThatThrownBy(act)
        .isInstanceOfSatisfying(
            Violation.class,
            violation ->
                org.assertj.core.api.Assertions.assertThat(violation.invariant())
                    .isEqualTo(invariant));
  }

  private static NodeId node(String name) {
    return new NodeId(Hashes.tagged(name).bytes());
  }

  private static Envelope vote(
      NodeId by, int round, VoteType type, ByteString value, int polRoundPlusOne) {
    Vote vote =
        Vote.newBuilder()
            .setHeight(7)
            .setRound(round)
            .setType(type)
            .setValue(value)
            .setPolRoundPlusOne(polRoundPlusOne)
            .build();
    return Envelope.newBuilder()
        .setKind(EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE)
        .setType(WireMessage.VOTE_FIELD_NUMBER)
        .setSigner(by.toByteString())
        .setBody(vote.toByteString())
        .build();
  }

  private static LogRecord block(long height, long slot, long nextSlot) {
    Header header =
        Header.newBuilder()
            .setKind(BlockKind.BLOCK_KIND_NORMAL)
            .setHeight(height)
            .setSlot(slot)
            .setNextSlot(nextSlot)
            .build();
    return LogRecord.newBuilder()
        .setBlock(Block.newBuilder().setHead(SignedHeader.newBuilder().setHeader(header)))
        .build();
  }
}
