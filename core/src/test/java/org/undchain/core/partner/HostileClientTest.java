package org.undchain.core.partner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.undchain.core.partner.PartnerBench.PRICE;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.message.Close;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Micro;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;

/** What a partner answers to a client that does not keep to section 7: a typed reason, no more. */
final class HostileClientTest {
  private static final Signer OTHER = LedgerFixture.signer("somebody else");
  private final PartnerBench bench = new PartnerBench().connected();

  // --- contracts
  // ----------------------------------------------------------------------------------

  static Stream<Arguments> contracts() {
    return Stream.of(
        bad("for another partner", "NOT_AUTHORISED", c -> c.setPartner(OTHER.id().toByteString())),
        bad("wrong bid hash", "BAD_FIELD", c -> c.setBidHash(Hash.ZERO.toByteString())),
        bad("no bid hash", "BAD_FIELD", Contract.Builder::clearBidHash),
        bad("for a job without bid", "NOT_FOUND", c -> c.setJobId(Hash.ZERO.toByteString())),
        bad(
            "session key of somebody else",
            "BAD_FIELD",
            c -> c.setPartnerSessionKey(OTHER.id().toByteString())),
        bad("half the price", "BAD_AMOUNT", c -> c.setUnitPrice(PRICE / 2)),
        bad("price 0", "BAD_AMOUNT", c -> c.setUnitPrice(0)),
        bad("price -1", "MALFORMED", c -> c.setUnitPrice(-1)),
        bad("amount 2^62", "MALFORMED", c -> c.setMaxAmount(1L << 62)),
        bad("more than the request", "BAD_AMOUNT", c -> c.setMaxAmount(100 * PRICE + 1)),
        bad("another unit", "BAD_AMOUNT", c -> c.setUnit("GiB")),
        bad("a seat the job has not", "BAD_FIELD", c -> c.setSeatNo(2)),
        bad("no credit", "BAD_FIELD", c -> c.setCreditUnits(0)),
        bad("credit without end", "BAD_FIELD", c -> c.setCreditUnits(Long.MAX_VALUE)),
        bad("over already", "MALFORMED", c -> c.setEndSlot(-1)),
        bad("kept for ever", "BAD_FIELD", c -> c.setKeepUntilSlot(Long.MAX_VALUE)),
        bad("181 periods", "MALFORMED", c -> c.setMaxPeriods(181)),
        bad(
            "small-order session key",
            "MALFORMED",
            c -> c.setClientSessionKey(com.google.protobuf.ByteString.copyFrom(new byte[32]))));
  }

  private static Arguments bad(String what, String code, Consumer<Contract.Builder> change) {
    return arguments(what, RejectCode.valueOf("REJECT_CODE_" + code), change);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("contracts")
  void aContractThatDoesNotFitIsRefused(
      String what, RejectCode code, Consumer<Contract.Builder> change) {
    Contract.Builder contract = bench.contract();
    change.accept(contract);
    Hash id = bench.offer(contract.build());
    assertThat(bench.lastReject().getCode()).as(what).isEqualTo(code);
    assertThat(bench.lastReject().getRef()).isEqualTo(id.toByteString());
    bench.prove(bench.request.id(), EntryResult.ENTRY_RESULT_OK);
    assertThat(bench.toClient(WireMessage.CONTRACT_FIELD_NUMBER)).isEmpty();
    assertThat(bench.partner.log).isEmpty();
  }

  @Test
  void aContractOfAnotherClientIsRefusedOnThisConnection() {
    Contract contract = bench.contract().setClient(OTHER.id().toByteString()).build();
    bench.say(OTHER, contract);
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_NOT_AUTHORISED);
  }

  @Test
  void aContractForAJobOfAnotherClientIsRefused() {
    Contract contract = bench.contract().setClient(OTHER.id().toByteString()).build();
    bench.partner.on(
        bench.members.in(
            OTHER.id(), Envelopes.sealSession(bench.ledger.chain.context(), OTHER, contract)));
    assertThat(bench.rejects(OTHER.id()))
        .singleElement()
        .matches(reject -> reject.getCode() == RejectCode.REJECT_CODE_NOT_AUTHORISED);
  }

  @Test
  void aContractWithoutTheClientsIdentitySignatureIsRefused() {
    bench.say(OTHER, bench.contract().build());
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_MALFORMED);
  }

  @Test
  void moreThanThePartnerHasRoomForIsRefused() {
    Contract contract = bench.contract().build();
    bench.partner.on(
        new org.undchain.core.machine.Event.CommandIn(new PartnerCommand.SetCapacity(99)));
    bench.offer(contract);
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_NO_SPACE);
  }

  @Test
  @Tag("R4.17a")
  void aSecondSeatOfTheSameJobIsRefused() {
    bench.started();
    bench.offer(bench.contract().setSeatNo(1).build());
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_USED);
  }

  @Test
  void aBidIsGoodUntilItsExpiryOnly() {
    Contract contract = bench.contract().build();
    bench.partner.run(11 * bench.ledger.chain.rules().slotMillis());
    bench.offer(contract);
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_NOT_VALID_NOW);
  }

  // --- escrow
  // -------------------------------------------------------------------------------------

  @Test
  @Tag("R6.3")
  void nothingIsSignedBeforeTheEscrowIsProven() {
    bench.offer(bench.contract().build());
    bench.partner.on(
        bench.members.from(
            1, bench.members.status(bench.request.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    bench.partner.on(
        bench.members.from(
            2, bench.members.status(bench.request.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    assertThat(bench.partner.log).as("two unknown validators prove nothing").isEmpty();
    bench.partner.on(
        bench.members.from(
            0, bench.members.status(bench.request.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    assertThat(bench.toClient(WireMessage.CONTRACT_FIELD_NUMBER)).hasSize(1);
  }

  @Test
  @Tag("R6.3")
  void aRequestThatExecutedToNoFundsGetsNoSignature() {
    bench.offer(bench.contract().build());
    bench.prove(bench.request.id(), EntryResult.ENTRY_RESULT_NO_FUNDS);
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_NO_FUNDS);
    assertThat(bench.partner.log).isEmpty();
  }

  @Test
  void aStartThatLosesItsSeatGivesTheRoomBack() {
    Hash contract = bench.offer(bench.contract().build());
    bench.prove(bench.request.id(), EntryResult.ENTRY_RESULT_OK);
    bench.prove(bench.lastEntry(), EntryResult.ENTRY_RESULT_SEAT_TAKEN);
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_USED);
    assertThat(bench.lastReject().getRef()).isEqualTo(contract.toByteString());
    assertThat(bench.partner.notices(PartnerNotice.SeatFailed.class)).hasSize(1);
    assertThat(bench.partner.notices(PartnerNotice.SeatOpened.class)).isEmpty();
  }

  // --- micro-receipts
  // -----------------------------------------------------------------------------

  static Stream<Arguments> micros() {
    return Stream.of(
        micro("replayed seq", "USED", m -> m.setSeq(1).setCumUnits(9).setCumAmount(9 * PRICE)),
        micro("seq 0", "BAD_SIGNATURE", m -> m.setSeq(0)),
        micro("a fork", "BAD_FIELD", m -> m.setPrevHash(Hash.ZERO.toByteString())),
        micro("no prevHash", "BAD_FIELD", Micro.Builder::clearPrevHash),
        micro("fewer units", "BAD_AMOUNT", m -> m.setCumUnits(4).setCumAmount(4 * PRICE)),
        micro("decreasing amount", "BAD_AMOUNT", m -> m.setCumAmount(4 * PRICE)),
        micro("underpaid", "BAD_AMOUNT", m -> m.setCumAmount(7 * PRICE)),
        micro("over maxAmount", "BAD_AMOUNT", m -> m.setCumUnits(101).setCumAmount(101 * PRICE)),
        micro(
            "units that overflow",
            "BAD_AMOUNT",
            m -> m.setCumUnits(Long.MAX_VALUE / PRICE * 2).setCumAmount(9 * PRICE)),
        micro("negative units", "BAD_SIGNATURE", m -> m.setCumUnits(-1)),
        micro("amount 2^62", "BAD_SIGNATURE", m -> m.setCumAmount(1L << 62)),
        micro("of no contract", "UNKNOWN_CONTRACT", m -> m.setContractId(Hash.ZERO.toByteString())),
        micro("without contract", "UNKNOWN_CONTRACT", Micro.Builder::clearContractId));
  }

  private static Arguments micro(String what, String code, Consumer<Micro.Builder> change) {
    return arguments(what, RejectCode.valueOf("REJECT_CODE_" + code), change);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("micros")
  @Tag("R7.9")
  void aMicroReceiptThatDoesNotFollowIsRefused(
      String what, RejectCode code, Consumer<Micro.Builder> change) {
    Hash contract = bench.started();
    Hash first = bench.say(bench.session, bench.micro(contract, 1, 5).build());
    int before = bench.partner.log.size();
    Micro.Builder second = bench.micro(contract, 2, 8).setPrevHash(first.toByteString());
    change.accept(second);
    Hash id = bench.say(bench.session, second.build());
    assertThat(bench.lastReject().getCode()).as(what).isEqualTo(code);
    assertThat(bench.lastReject().getRef()).isEqualTo(id.toByteString());
    assertThat(bench.partner.log).hasSize(before);
    assertThat(bench.partner.notices(PartnerNotice.Credit.class).getLast().paidUnits())
        .isEqualTo(5);
  }

  @Test
  void aMicroReceiptOfAnotherKeyIsRefused() {
    Hash contract = bench.started();
    bench.say(OTHER, bench.micro(contract, 1, 5).build());
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_BAD_SIGNATURE);
  }

  @Test
  void theSameMicroReceiptAgainChangesNothing() {
    Hash contract = bench.started();
    bench.say(bench.session, bench.micro(contract, 1, 5).build());
    int before = bench.partner.log.size();
    bench.say(bench.session, bench.micro(contract, 1, 5).build());
    assertThat(bench.partner.log).hasSize(before);
    assertThat(bench.rejects(bench.ann.id())).isEmpty();
  }

  @Test
  void aMicroReceiptThatWasLostWithItsConnectionIsCoveredByTheNext() {
    Hash contract = bench.started();
    bench.say(bench.session, bench.micro(contract, 1, 2).build());
    bench.say(
        bench.session, bench.micro(contract, 3, 6).setPrevHash(Hash.ZERO.toByteString()).build());
    assertThat(bench.partner.notices(PartnerNotice.Credit.class).getLast())
        .isEqualTo(new PartnerNotice.Credit(contract, 6, 10));
  }

  @Test
  void noReceiptCountsBeforeStartIsProven() {
    Hash contract = bench.offer(bench.contract().build());
    bench.prove(bench.request.id(), EntryResult.ENTRY_RESULT_OK);
    bench.say(bench.session, bench.micro(contract, 1, 5).build());
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_WRONG_STATE);
    bench.say(bench.session, bench.close(contract, 0, 0).build());
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_WRONG_STATE);
  }

  // --- closes
  // -------------------------------------------------------------------------------------

  static Stream<Arguments> closes() {
    return Stream.of(
        close(
            "pays less than the last micro-receipt",
            "BAD_AMOUNT",
            c -> c.setUnits(4).setAmount(4 * PRICE)),
        close("older than the last micro-receipt", "BAD_AMOUNT", c -> c.setFinalSeq(0)),
        close("amount without units", "BAD_AMOUNT", c -> c.setAmount(6 * PRICE)),
        close("over maxAmount", "BAD_AMOUNT", c -> c.setUnits(101).setAmount(101 * PRICE)),
        close("of no contract", "UNKNOWN_CONTRACT", c -> c.setContractId(Hash.ZERO.toByteString())),
        close("amount -1", "BAD_SIGNATURE", c -> c.setAmount(-1)));
  }

  private static Arguments close(String what, String code, Consumer<Close.Builder> change) {
    return arguments(what, RejectCode.valueOf("REJECT_CODE_" + code), change);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("closes")
  @Tag("R7.9")
  void aCloseThatDoesNotCoverTheReceiptsIsRefused(
      String what, RejectCode code, Consumer<Close.Builder> change) {
    Hash contract = bench.started();
    bench.say(bench.session, bench.micro(contract, 1, 5).build());
    Close.Builder close = bench.close(contract, 1, 5);
    change.accept(close);
    bench.say(bench.session, close.build());
    assertThat(bench.lastReject().getCode()).as(what).isEqualTo(code);
    assertThat(bench.toClient(WireMessage.CLOSE_FIELD_NUMBER)).isEmpty();
  }

  @Test
  void anotherCloseAfterTheReceiptIsRefused() {
    Hash contract = bench.started();
    bench.say(bench.session, bench.micro(contract, 1, 5).build());
    bench.say(bench.session, bench.close(contract, 1, 5).build());
    bench.say(bench.session, bench.close(contract, 1, 6).build());
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_USED);
  }

  @Test
  void anotherClientsReceiptsAreOfNoContractHere() {
    Hash contract = bench.started();
    bench.partner.on(
        bench.members.in(
            OTHER.id(),
            Envelopes.sealSession(
                bench.ledger.chain.context(), bench.session, bench.micro(contract, 1, 5).build())));
    assertThat(bench.rejects(OTHER.id()))
        .singleElement()
        .matches(reject -> reject.getCode() == RejectCode.REJECT_CODE_UNKNOWN_CONTRACT);
  }
}
