package org.undchain.sim.checker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.undchain.sim.checker.Planting.ANN;
import static org.undchain.sim.checker.Planting.NOW;
import static org.undchain.sim.checker.Planting.WORLD;
import static org.undchain.sim.checker.Planting.assertViolates;
import static org.undchain.sim.checker.Planting.committed;
import static org.undchain.sim.checker.Planting.entry;
import static org.undchain.sim.checker.Planting.paidOut;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Signer;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.Micro;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Request;
import org.undchain.core.message.SeatRow;
import org.undchain.core.message.SeatState;
import org.undchain.core.message.Start;
import org.undchain.core.value.Hash;

/** No checker of jobs and receipts is green because it looks away. */
class PlantedMoneyTest {
  private static final long END = Planting.PERIOD_SLOTS - 1;
  private static final Signer CLIENT = WORLD.signer("ann");
  private static final Signer SESSION = WORLD.signer("session of ann");
  private static final OpenedEntry REQUEST =
      entry("request", Entry.newBuilder().setRequest(Request.newBuilder().setStartBy(10)).build());
  private static final Envelope CONTRACT =
      Envelopes.sealSession(
          WORLD.chain().context(),
          CLIENT,
          Contract.newBuilder()
              .setJobId(REQUEST.id().toByteString())
              .setClient(CLIENT.id().toByteString())
              .setClientSessionKey(SESSION.id().toByteString())
              .setMaxAmount(50)
              .setMaxPeriods(1)
              .build());
  private static final Hash SEAT = Envelopes.id(WORLD.chain().context(), CONTRACT);
  private static final OpenedEntry START =
      entry(
          "start",
          Entry.newBuilder().setStart(Start.newBuilder().setClientContract(CONTRACT)).build());

  private static OpenedEntry partial(Signer signer, long seq, long amount) {
    Envelope receipt =
        Envelopes.sealSession(
            WORLD.chain().context(),
            signer,
            Micro.newBuilder()
                .setContractId(SEAT.toByteString())
                .setSeq(seq)
                .setCumAmount(amount)
                .build());
    return entry(
        "complete " + seq,
        Entry.newBuilder()
            .setComplete(
                Complete.newBuilder()
                    .setContractId(SEAT.toByteString())
                    .setKind(CompletionKind.COMPLETION_KIND_PARTIAL)
                    .setReceipt(receipt))
            .build());
  }

  private static JobRow row(SeatState state, long amount, long paid) {
    return JobRow.newBuilder()
        .setJobId(REQUEST.id().toByteString())
        .addSeats(
            SeatRow.newBuilder()
                .setContractId(SEAT.toByteString())
                .setState(state)
                .setAmount(amount)
                .setPaid(paid))
        .build();
  }

  private static SettlementChecker oneJob() {
    SettlementChecker checker = new SettlementChecker(WORLD.chain());
    checker.onNotice(ANN, NOW, committed(1, 0, REQUEST, START));
    return checker;
  }

  @Test
  @Tag("SettlementChecker")
  void aJobThatAPayoutForgets() {
    SettlementChecker checker = oneJob();
    assertViolates("S9", () -> checker.onNotice(ANN, NOW, paidOut(2, END)));
  }

  @Test
  @Tag("SettlementChecker")
  void aJobThatEndsWhileASeatRuns() {
    SettlementChecker checker = oneJob();
    JobRow running = row(SeatState.SEAT_STATE_STARTED, 0, 0);
    assertViolates("S9", () -> checker.onNotice(ANN, NOW, paidOut(2, END, running)));
  }

  @Test
  @Tag("SettlementChecker")
  void aJobThatEndsTwice() {
    SettlementChecker checker = oneJob();
    JobRow row = row(SeatState.SEAT_STATE_CANCELLED, 0, 0);
    checker.onNotice(ANN, NOW, paidOut(2, END, row));
    assertViolates(
        "S9", () -> checker.onNotice(ANN, NOW, paidOut(3, END + Planting.PERIOD_SLOTS, row)));
  }

  @Test
  @Tag("SettlementChecker")
  void aJobThatIsCarriedOnForEver() {
    SettlementChecker checker = oneJob();
    JobRow carried = row(SeatState.SEAT_STATE_STARTED, 0, 0).toBuilder().setCarried(true).build();
    checker.onNotice(ANN, NOW, paidOut(2, END, carried));
    assertViolates(
        "S9", () -> checker.onNotice(ANN, NOW, paidOut(3, END + Planting.PERIOD_SLOTS, carried)));
  }

  private static SeatPayChecker oneSeat(OpenedEntry... completes) {
    SeatPayChecker checker = new SeatPayChecker(WORLD.chain().context());
    checker.onNotice(ANN, NOW, committed(1, 0, REQUEST, START));
    checker.onNotice(ANN, NOW, committed(2, 1, completes));
    return checker;
  }

  @Test
  @Tag("SeatPayChecker")
  void aSeatThatIsPaidByTheWorseOfTwoReceipts() {
    SeatPayChecker checker = oneSeat(partial(SESSION, 2, 20), partial(SESSION, 1, 30));
    JobRow row = row(SeatState.SEAT_STATE_SETTLED, 30, 30);
    assertViolates("S10", () -> checker.onNotice(ANN, NOW, paidOut(3, END, row)));
  }

  @Test
  @Tag("SeatPayChecker")
  void aSeatThatIsPaidTwiceOrMoreThanItsContract() {
    SeatPayChecker checker = oneSeat(partial(SESSION, 1, 20));
    JobRow row = row(SeatState.SEAT_STATE_SETTLED, 20, 20);
    checker.onNotice(ANN, NOW, paidOut(3, END, row));
    assertViolates(
        "S10", () -> checker.onNotice(ANN, NOW, paidOut(4, END + Planting.PERIOD_SLOTS, row)));
    SeatPayChecker other = oneSeat(partial(SESSION, 1, 51));
    JobRow over = row(SeatState.SEAT_STATE_SETTLED, 51, 51);
    assertViolates("S10", () -> other.onNotice(ANN, NOW, paidOut(3, END, over)));
  }

  @Test
  @Tag("CoverChecker")
  void grainsThatNoReceiptOfTheClientCovers() {
    CoverChecker checker = cover(partial(SESSION, 1, 20));
    JobRow row = row(SeatState.SEAT_STATE_SETTLED, 20, 20);
    assertThatCode(() -> checker.onNotice(ANN, NOW, paidOut(3, END, row)))
        .doesNotThrowAnyException();
    CoverChecker stolen = cover(partial(WORLD.signer("a thief"), 1, 20));
    assertViolates("S11", () -> stolen.onNotice(ANN, NOW, paidOut(3, END, row)));
    CoverChecker more = cover(partial(SESSION, 1, 19));
    assertViolates("S11", () -> more.onNotice(ANN, NOW, paidOut(3, END, row)));
  }

  private static CoverChecker cover(OpenedEntry complete) {
    CoverChecker checker = new CoverChecker(WORLD.chain().context(), WORLD.chain().signatures());
    checker.onNotice(ANN, NOW, committed(1, 0, REQUEST, START));
    checker.onNotice(ANN, NOW, committed(2, 1, complete));
    return checker;
  }
}
