package org.undchain.sim.checker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.undchain.sim.checker.Planting.ANN;
import static org.undchain.sim.checker.Planting.BEN;
import static org.undchain.sim.checker.Planting.NOW;
import static org.undchain.sim.checker.Planting.ONE;
import static org.undchain.sim.checker.Planting.TWO;
import static org.undchain.sim.checker.Planting.WORLD;
import static org.undchain.sim.checker.Planting.assertViolates;
import static org.undchain.sim.checker.Planting.block;
import static org.undchain.sim.checker.Planting.hash;
import static org.undchain.sim.checker.Planting.header;
import static org.undchain.sim.checker.Planting.message;
import static org.undchain.sim.checker.Planting.node;
import static org.undchain.sim.checker.Planting.vote;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Load;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.FreezeRecord;
import org.undchain.core.message.Header;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LaneLeaf;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SetMember;
import org.undchain.core.message.Status;
import org.undchain.core.message.TimeProbe;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.message.VoteRecord;
import org.undchain.core.message.VoteType;
import org.undchain.core.rules.Calendar;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** No checker of agreement is green because it looks away: each reports a violation made for it. */
class PlantedViolationsTest {
  private static final Calendar CALENDAR = new Calendar(new BlockTime(0), 2_000, 60);

  @Test
  @Tag("AgreementChecker")
  void twoBlocksOfOneHeightAndABlockThatNamesAnotherParent() {
    Header first =
        header(1, 0, 1).toBuilder()
            .setParentHash(WORLD.chain().context().chainId().toByteString())
            .build();
    AgreementChecker checker = new AgreementChecker(WORLD.chain().context().chainId());
    checker.onDurable(ANN, block(first));
    assertViolates("S1", () -> checker.onDurable(BEN, block(first.toBuilder().setSlot(1).build())));
    Header orphan = header(2, 1, 2).toBuilder().setParentHash(ONE).build();
    assertViolates("S1", () -> checker.onDurable(ANN, block(orphan)));
  }

  @Test
  @Tag("AgreementChecker")
  void aGapInALog() {
    AgreementChecker checker = new AgreementChecker(WORLD.chain().context().chainId());
    Header second =
        header(2, 1, 2).toBuilder().setParentHash(hash(header(1, 0, 1)).toByteString()).build();
    assertViolates("S1", () -> checker.onDurable(ANN, block(second)));
  }

  @Test
  @Tag("AgreementChecker")
  void anOldBackupMayGoOnWhereItEndsAndNowhereElse() {
    Header[] chain = new Header[4];
    AgreementChecker checker = new AgreementChecker(WORLD.chain().context().chainId());
    for (int i = 1; i < chain.length; i++) {
      Hash parent = i == 1 ? WORLD.chain().context().chainId() : hash(chain[i - 1]);
      chain[i] = header(i, i, i + 1).toBuilder().setParentHash(parent.toByteString()).build();
      checker.onDurable(ANN, block(chain[i]));
    }
    checker.onBoot(ANN, true);
    checker.onDurable(ANN, block(chain[2]));
    checker.onDurable(ANN, block(chain[3]));
    assertViolates("S1", () -> checker.onDurable(ANN, block(chain[2])));
  }

  @Test
  @Tag("QuorumsChecker")
  void twoQuorumsOfOneHeight() {
    QuorumsChecker checker = new QuorumsChecker(Optional::of, 2);
    checker.onSaid(ANN, vote(ANN, 0, VoteType.VOTE_TYPE_PRECOMMIT, ONE, 0));
    checker.onSaid(BEN, vote(BEN, 0, VoteType.VOTE_TYPE_PRECOMMIT, ONE, 0));
    checker.onSaid(ANN, vote(ANN, 1, VoteType.VOTE_TYPE_PRECOMMIT, TWO, 0));
    assertViolates(
        "S1", () -> checker.onSaid(BEN, vote(BEN, 1, VoteType.VOTE_TYPE_PRECOMMIT, TWO, 0)));
  }

  @Test
  @Tag("SigningChecker")
  void twoVotesForOnePlaceEvenIfTheSecondIsOnlyInALog() {
    SigningChecker checker = new SigningChecker();
    checker.onSaid(ANN, vote(ANN, 0, VoteType.VOTE_TYPE_PREVOTE, ONE, 0));
    checker.onSaid(BEN, vote(ANN, 0, VoteType.VOTE_TYPE_PREVOTE, ONE, 0));
    checker.onSaid(ANN, vote(ANN, 1, VoteType.VOTE_TYPE_PREVOTE, TWO, 0));
    Envelope second = vote(ANN, 0, VoteType.VOTE_TYPE_PREVOTE, TWO, 0);
    LogRecord record =
        LogRecord.newBuilder().setVote(VoteRecord.newBuilder().setVote(second)).build();
    assertViolates("S2", () -> checker.onDurable(ANN, record));
  }

  @Test
  @Tag("LockChecker")
  void aVoteAgainstTheOwnLock() {
    LockChecker checker = new LockChecker(key -> false);
    checker.onSaid(ANN, vote(ANN, 1, VoteType.VOTE_TYPE_PRECOMMIT, ONE, 0));
    checker.onSaid(ANN, vote(ANN, 2, VoteType.VOTE_TYPE_PREVOTE, ONE, 0));
    checker.onSaid(ANN, vote(ANN, 3, VoteType.VOTE_TYPE_PREVOTE, TWO, 3));
    assertViolates(
        "S3", () -> checker.onSaid(ANN, vote(ANN, 2, VoteType.VOTE_TYPE_PREVOTE, TWO, 1)));
  }

  @Test
  @Tag("FreezeChecker")
  void aVoteBeforeTheOwnFileIsOnTheDisk() {
    FreezeChecker checker = new FreezeChecker();
    LogRecord vote =
        LogRecord.newBuilder()
            .setVote(
                VoteRecord.newBuilder().setVote(vote(ANN, 0, VoteType.VOTE_TYPE_PREVOTE, ONE, 0)))
            .build();
    LogRecord frozen =
        LogRecord.newBuilder().setFreeze(FreezeRecord.newBuilder().setHeight(7)).build();
    checker.onDurable(BEN, frozen);
    assertThatCode(() -> checker.onDurable(BEN, vote)).doesNotThrowAnyException();
    assertViolates("S4", () -> checker.onDurable(ANN, vote));
  }

  @Test
  @Tag("DurabilityChecker")
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
  @Tag("PromiseChecker")
  void aSlotDecidedWithoutWhatEnoughStampedForIt() {
    PromiseChecker checker = new PromiseChecker(WORLD.chain().context(), 2);
    checker.onSaid(ANN, lane(ANN, 0));
    checker.onDurable(ANN, block(1, 0, 1));
    assertViolates("S5", () -> checker.onSaid(BEN, lane(BEN, 0)));

    PromiseChecker skipping = new PromiseChecker(WORLD.chain().context(), 2);
    skipping.onSaid(ANN, lane(ANN, 3));
    skipping.onSaid(BEN, lane(BEN, 3));
    assertViolates("S5", () -> skipping.onDurable(ANN, block(1, 0, 4)));
  }

  private static Envelope lane(NodeId owner, long slot) {
    LaneHeader header = LaneHeader.newBuilder().setSlot(slot).setLane(owner.toByteString()).build();
    return message(
        LaneBatch.newBuilder()
            .setHeader(Envelope.newBuilder().setBody(header.toByteString()))
            .addLeaves(LaneLeaf.newBuilder().setId(ONE))
            .build());
  }

  @Test
  @Tag("OnceChecker")
  void anEntryInTwoBlocksAndABlockWhoseIdsDoNotAscend() {
    Envelope entry =
        Envelope.newBuilder().setKind(1).setType(3).setSigner(ONE).setBody(ONE).build();
    OnceChecker checker = new OnceChecker(WORLD.chain().context());
    checker.onDurable(ANN, block(1, 0, 1, entry));
    checker.onDurable(BEN, block(1, 0, 1, entry));
    assertViolates("S6", () -> checker.onDurable(ANN, block(2, 1, 2, entry)));
    assertViolates(
        "S6",
        () ->
            new OnceChecker(WORLD.chain().context()).onDurable(ANN, block(1, 0, 1, entry, entry)));
  }

  @Test
  @Tag("SlotChecker")
  void aBlockOfASlotThatTheOneBeforeDidNotAnnounce() {
    SlotChecker checker = new SlotChecker();
    checker.onDurable(ANN, block(1, 4, 5));
    checker.onDurable(ANN, block(2, 5, 7));
    assertViolates("S12", () -> checker.onDurable(ANN, block(3, 6, 7)));
    SlotChecker other = new SlotChecker();
    other.onDurable(ANN, block(1, 4, 3));
    assertViolates("S12", () -> other.onDurable(ANN, block(2, 3, 4)));
  }

  @Test
  @Tag("ClockChecker")
  void aBlockBeforeItsCutOffAndASkipIntoTheFuture() {
    BlockTime now = new BlockTime(10_000);
    ClockChecker checker = new ClockChecker(CALENDAR);
    checker.onEvent(ANN, now, new Event.Started());
    checker.onDurable(ANN, block(1, 4, 5));
    assertViolates("S12", () -> checker.onDurable(ANN, block(2, 5, 6)));
    ClockChecker other = new ClockChecker(CALENDAR);
    other.onEvent(ANN, now, new Event.Started());
    assertViolates("S12", () -> other.onDurable(ANN, block(1, 3, 9)));
  }

  @Test
  @Tag("SetChecker")
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
  @Tag("CourtesyChecker")
  void anHonestPeerThatIsCutOff() {
    CourtesyChecker checker = new CourtesyChecker(BEN::equals);
    checker.onDisconnect(ANN, BEN, "lied");
    assertViolates("S16", () -> checker.onDisconnect(ANN, node("carl"), "lied"));
  }

  @Test
  @Tag("ScopeChecker")
  void aSignatureThatIsGoodForTwoPeriodsAndOneThatIsGoodForAnything() {
    Envelope once =
        message(TimeProbe.getDefaultInstance()).toBuilder().setSigner(ONE).setSig(TWO).build();
    Envelope again = once.toBuilder().setPayPeriod(1).build();
    ScopeChecker checker = new ScopeChecker(WORLD.chain().context(), (key, bytes, sig) -> false);
    checker.onSaid(ANN, once);
    checker.onSaid(BEN, once);
    assertViolates("S18", () -> checker.onSaid(ANN, again));
    ScopeChecker lax = new ScopeChecker(WORLD.chain().context(), (key, bytes, sig) -> true);
    assertViolates("S18", () -> lax.onSaid(ANN, once));
  }

  @Test
  @Tag("ScopeChecker")
  void aSignatureThatLeavesOutTheKind() {
    Envelope signed =
        Envelope.newBuilder()
            .setKind(EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE)
            .setType(1)
            .setSigner(ONE)
            .setSig(TWO)
            .build();
    org.undchain.core.value.Bytes covered =
        org.undchain.core.message.Envelopes.signedBytes(WORLD.chain().context(), signed);
    ScopeChecker checker =
        new ScopeChecker(
            WORLD.chain().context(),
            (key, bytes, sig) ->
                bytes.slice(5, bytes.size()).equals(covered.slice(5, covered.size())));
    assertViolates("S18", () -> checker.onSaid(ANN, signed));
  }

  @Test
  @Tag("LoadChecker")
  void aStoreThatHoldsMoreThanItsBound() {
    List<Load> full = List.of(new Load("letters", 10, 10));
    List<Load> over = List.of(new Load("letters", 11, 10));
    LoadChecker checker = new LoadChecker(node -> node.equals(ANN) ? full : over);
    look(checker, ANN);
    assertViolates("S20", () -> look(checker, BEN));
  }

  private static void look(LoadChecker checker, NodeId node) {
    for (int i = 0; i < 64; i++) {
      checker.onEvent(node, NOW, new Event.Started());
    }
  }

  @Test
  @Tag("TellingChecker")
  void aStatusOfWhatIsNotCommitted() {
    Status status = Status.newBuilder().setEntryId(ONE).setHeight(3).build();
    assertViolates("S23", () -> new TellingChecker().onSaid(ANN, message(status)));
  }

  @Test
  @Tag("RecoveryChecker")
  void aStartBehindTheOwnLog() {
    RecoveryChecker checker = new RecoveryChecker();
    checker.onDurable(ANN, block(1, 0, 1));
    checker.onDurable(ANN, block(2, 1, 2));
    ValidatorNotice.Began began = Planting.began();
    ValidatorNotice.Began right = new ValidatorNotice.Began(2, 1, began.state(), began.set());
    checker.onNotice(ANN, NOW, right);
    assertViolates(
        "S25",
        () ->
            checker.onNotice(
                ANN, NOW, new ValidatorNotice.Began(1, 0, began.state(), began.set())));
  }
}
