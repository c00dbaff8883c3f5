package org.undchain.sim.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.undchain.sim.checker.Planting.ANN;
import static org.undchain.sim.checker.Planting.BEN;
import static org.undchain.sim.checker.Planting.KEYS;
import static org.undchain.sim.checker.Planting.NOW;
import static org.undchain.sim.checker.Planting.ONE;
import static org.undchain.sim.checker.Planting.TWO;
import static org.undchain.sim.checker.Planting.WORLD;
import static org.undchain.sim.checker.Planting.assertViolates;
import static org.undchain.sim.checker.Planting.began;
import static org.undchain.sim.checker.Planting.committed;
import static org.undchain.sim.checker.Planting.entry;
import static org.undchain.sim.checker.Planting.heard;
import static org.undchain.sim.checker.Planting.member;
import static org.undchain.sim.checker.Planting.paidOut;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.crypto.Signer;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Load;
import org.undchain.core.message.Entry;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LanePhase;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.SeatRow;
import org.undchain.core.message.SeatState;
import org.undchain.core.message.Status;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * No checker of what users are told, and of what must come true, is green because it looks away.
 */
class PlantedLivenessTest {
  private static final BlockTime LATER = NOW.plusMillis(30_001);
  private static final OpenedEntry TRANSFER =
      entry("transfer", Entry.newBuilder().setTransfer(Transfer.getDefaultInstance()).build());

  // --------------------------------------------------------------------- S24

  private static ClientNotice.Committed told(long height) {
    return new ClientNotice.Committed(
        TRANSFER.id(), height, 0, EntryResult.ENTRY_RESULT_OK, List.of());
  }

  private static Event.MessageIn status(int place) {
    Signer signer = KEYS.get(place).identity();
    Status status =
        Status.newBuilder()
            .setEntryId(TRANSFER.id().toByteString())
            .setHeight(1)
            .setResult(EntryResult.ENTRY_RESULT_OK)
            .build();
    return heard(signer.id(), Envelopes.sealMessage(WORLD.chain().context(), signer, 0, status));
  }

  @Test
  @Tag("FinalChecker")
  void aResultByTheWordOfOneValidatorAndOneThatIsNotSo() {
    FinalChecker checker = new FinalChecker(WORLD.firstSet(), node -> false);
    assertViolates("S24", () -> checker.onNotice(BEN, NOW, told(1)));
    checker.onNotice(member(0), NOW, committed(1, 0, TRANSFER));
    checker.onEvent(BEN, NOW, status(0));
    checker.onEvent(BEN, NOW, status(0));
    assertViolates("S24", () -> checker.onNotice(BEN, NOW, told(1)));
    checker.onEvent(BEN, NOW, status(1));
    assertThatCode(() -> checker.onNotice(BEN, NOW, told(1))).doesNotThrowAnyException();
    assertViolates("S24", () -> checker.onNotice(BEN, NOW, told(2)));
  }

  /** Seed 20261128009: two validators whose disks lost records had the block first. */
  @Test
  @Tag("FinalChecker")
  void whatIsToldBeforeTheHonestHaveTheBlockIsJudgedOnceTheyHaveIt() {
    FinalChecker good = new FinalChecker(WORLD.firstSet(), node -> false);
    FinalChecker bad = new FinalChecker(WORLD.firstSet(), node -> false);
    for (FinalChecker checker : List.of(good, bad)) {
      checker.onEvent(BEN, NOW, status(0));
      checker.onEvent(BEN, NOW, status(1));
      checker.onNotice(BEN, NOW, told(1));
    }
    assertThatCode(() -> good.onNotice(member(0), NOW, committed(1, 0, TRANSFER)))
        .doesNotThrowAnyException();
    assertViolates("S24", () -> bad.onNotice(member(0), NOW, committed(1, 0)));
  }

  // ---------------------------------------------------------------------- L4

  @Test
  @Tag("SessionsChecker")
  void aSignedReceiptThatThePayoutLeavesOut() {
    SessionsChecker checker = new SessionsChecker(WORLD.chain().calendar());
    checker.onNotice(BEN, NOW, new ClientNotice.ReceiptSigned(Hash.ZERO, ANN, 1, 1));
    checker.onNotice(ANN, NOW, paidOut(1, Planting.PERIOD_SLOTS - 1)); // faults may still be on
    checker.healed(NOW);
    assertViolates(
        "L4", () -> checker.onNotice(ANN, NOW, paidOut(2, 2 * Planting.PERIOD_SLOTS - 1)));
  }

  @Test
  @Tag("R7.12")
  void aSeatThatWasCancelledWhileFaultsWereOnHasEnded() {
    SessionsChecker checker = new SessionsChecker(WORLD.chain().calendar());
    checker.onNotice(BEN, NOW, new ClientNotice.ReceiptSigned(Hash.ZERO, ANN, 1, 1));
    JobRow cancelled =
        JobRow.newBuilder()
            .addSeats(
                SeatRow.newBuilder()
                    .setContractId(Hash.ZERO.toByteString())
                    .setState(SeatState.SEAT_STATE_CANCELLED))
            .build();
    checker.onNotice(ANN, NOW, paidOut(1, Planting.PERIOD_SLOTS - 1, cancelled));
    checker.healed(NOW);
    assertThatCode(() -> checker.onNotice(ANN, NOW, paidOut(2, 2 * Planting.PERIOD_SLOTS - 1)))
        .doesNotThrowAnyException();
  }

  @Test
  @Tag("SessionsChecker")
  void aSeatThatIsCancelledThoughItsReceiptWasSignedInTime() {
    SessionsChecker checker = new SessionsChecker(WORLD.chain().calendar());
    checker.onNotice(BEN, NOW, new ClientNotice.ReceiptSigned(Hash.ZERO, ANN, 1, 1));
    checker.healed(NOW);
    JobRow cancelled =
        JobRow.newBuilder()
            .addSeats(
                SeatRow.newBuilder()
                    .setContractId(Hash.ZERO.toByteString())
                    .setState(SeatState.SEAT_STATE_CANCELLED))
            .build();
    assertViolates(
        "L4",
        () -> checker.onNotice(ANN, NOW, paidOut(2, 2 * Planting.PERIOD_SLOTS - 1, cancelled)));
  }

  // ---------------------------------------------------------------------- L5

  @Test
  @Tag("RecedingChecker")
  void aStoreThatStaysFull() {
    RecedingChecker checker =
        new RecedingChecker(
            node -> List.of(new Load("letters", node.equals(ANN) ? 99 : 100, 1_000)));
    checker.judge(List.of(ANN));
    assertViolates("L5", () -> checker.judge(List.of(ANN, BEN)));
  }

  // ---------------------------------------------------------------------- L6

  @Test
  @Tag("CallChecker")
  void aCallThatNobodyEverAnswers() {
    CallChecker checker = new CallChecker(WORLD.chain().context());
    Event ask = new Event.CommandIn(new ClientCommand.LookUp(List.of()));
    checker.onEvent(BEN, NOW, ask); // while faults may be on
    checker.healed(NOW);
    checker.onEvent(BEN, LATER, new Event.Started());
    checker.onEvent(BEN, NOW, ask);
    checker.onEvent(ANN, NOW, ask);
    checker.onNotice(ANN, NOW, new ClientNotice.Contacts(List.of(), List.of()));
    assertThat(checker.isDone(NOW)).isFalse();
    checker.onEvent(ANN, LATER, new Event.Started());
    assertViolates("L6", () -> checker.onEvent(BEN, LATER, new Event.Started()));
  }

  // ---------------------------------------------------------------------- L8

  private static Event.MessageIn vote(int place, ByteString value) {
    Vote vote =
        Vote.newBuilder().setHeight(1).setType(VoteType.VOTE_TYPE_PREVOTE).setValue(value).build();
    return heard(
        member(place),
        Envelopes.seal(
            WORLD.chain().context(),
            consensus(place),
            EnvelopeKind.ENVELOPE_KIND_VOTE,
            WireMessage.VOTE_FIELD_NUMBER,
            0,
            vote));
  }

  private static Event.MessageIn lane(int place, boolean isLast) {
    LaneHeader header =
        LaneHeader.newBuilder()
            .setLane(member(place).toByteString())
            .setIdsRoot(MerkleList.root(List.of()).toByteString())
            .setSetFp(RadixTree.empty().root().toByteString())
            .setPhase(LanePhase.LANE_PHASE_ADMIT)
            .setLast(isLast)
            .build();
    Envelope signed =
        Envelopes.seal(
            WORLD.chain().context(),
            consensus(place),
            EnvelopeKind.ENVELOPE_KIND_LANE_HEADER,
            WireMessage.LANE_BATCH_FIELD_NUMBER,
            0,
            header);
    LaneBatch batch = LaneBatch.newBuilder().setHeader(signed).build();
    return heard(
        member(place),
        Envelopes.unsigned(
            WORLD.chain().context(), member(place), WireMessage.LANE_BATCH_FIELD_NUMBER, 0, batch));
  }

  private static Signer consensus(int place) {
    NodeId key = WORLD.firstSet().member(place).consensusKey();
    return KEYS.get(place).consensus(key).orElseThrow();
  }

  private static BreachChecker witness() {
    BreachChecker checker = new BreachChecker(WORLD.chain(), node -> false);
    checker.onNotice(ANN, NOW, began());
    return checker;
  }

  @Test
  @Tag("BreachChecker")
  void twoVotesOfOnePlaceThatNobodyBringsOnChain() {
    BreachChecker checker = witness();
    checker.onEvent(ANN, NOW, vote(1, ONE));
    checker.onEvent(ANN, NOW, vote(1, ONE));
    checker.onEvent(ANN, NOW, vote(2, TWO));
    assertThatCode(() -> checker.judge(NOW)).doesNotThrowAnyException();
    checker.onEvent(ANN, NOW, vote(1, TWO));
    assertViolates("L8", () -> checker.judge(NOW));
    checker.onCrash(ANN); // nobody who heard it is left
    assertThatCode(() -> checker.judge(NOW)).doesNotThrowAnyException();
  }

  @Test
  void aVoteThatIsNoneBesideARealOneConvictsNobody() {
    BreachChecker checker = witness();
    checker.onEvent(ANN, NOW, vote(1, ONE));
    checker.onEvent(ANN, NOW, vote(1, ONE.concat(ByteString.copyFrom(new byte[1]))));
    checker.onEvent(ANN, NOW, vote(1, ByteString.copyFrom(new byte[Hash.SIZE]))); // nil is empty
    assertThatCode(() -> checker.judge(NOW)).doesNotThrowAnyException();
  }

  @Test
  @Tag("BreachChecker")
  void twoLaneHeadersOfOnePlaceThatNobodyBringsOnChain() {
    BreachChecker checker = witness();
    checker.onEvent(ANN, NOW, lane(1, false));
    assertThatCode(() -> checker.judge(NOW)).doesNotThrowAnyException();
    checker.onEvent(ANN, NOW, lane(1, true));
    assertViolates("L8", () -> checker.judge(NOW));
  }

  // ---------------------------------------------------------------------- L9

  @Test
  @Tag("SpreadChecker")
  void clocksThatStayApart() {
    SpreadChecker checker = new SpreadChecker(() -> NOW);
    checker.onEvent(ANN, NOW.plusMillis(150), new Event.Started());
    checker.onEvent(BEN, NOW.plusMillis(-50), new Event.Started());
    checker.judge(List.of(ANN, BEN));
    checker.onEvent(BEN, NOW.plusMillis(-51), new Event.Started());
    assertViolates("L9", () -> checker.judge(List.of(ANN, BEN)));
  }
}
