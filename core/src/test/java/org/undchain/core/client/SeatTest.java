package org.undchain.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.agent.Driver;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.machine.Event;
import org.undchain.core.message.Close;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Micro;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.WireMessage;
import org.undchain.core.session.SeatTerms;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** A client's seat from its contract to its completion, with honest and other partners. */
final class SeatTest {
  private static final int CONTRACT = WireMessage.CONTRACT_FIELD_NUMBER;
  private static final int MICRO = WireMessage.MICRO_FIELD_NUMBER;
  private static final int CLOSE = WireMessage.CLOSE_FIELD_NUMBER;
  private static final Signer OTHER = LedgerFixture.signer("somebody else");
  private final ClientBench bench = new ClientBench().connected();

  @Test
  @Tag("I20")
  void theContractIsOnDiskBeforeItLeaves() {
    Envelope contract = bench.opened();
    assertThat(bench.client.log).hasSize(1);
    assertThat(bench.client.log.getFirst().getSession().getContract()).isEqualTo(contract);
    assertThat(bench.client.notices)
        .containsExactly(
            new ClientNotice.SeatOpened(
                bench.id(contract), bench.request.id(), 0, bench.paul.id()));
  }

  @Test
  void aSeatGoesFromContractToReceiptAndCompletion() {
    Hash seat = bench.started();
    bench.ask(new ClientCommand.Pay(seat, 2, Bytes.EMPTY));
    bench.ask(new ClientCommand.Pay(seat, 5, Bytes.EMPTY));
    bench.ask(new ClientCommand.CloseSeat(seat, Hash.ZERO.bytes()));
    bench.closedByPartner();
    Envelope complete = bench.complete();
    bench.show(complete);
    bench.prove(bench.id(complete), EntryResult.ENTRY_RESULT_OK);
    assertThat(bench.client.notices)
        .containsExactly(
            new ClientNotice.SeatOpened(seat, bench.request.id(), 0, bench.paul.id()),
            new ClientNotice.SeatStarted(seat, bench.request.id(), 0, bench.paul.id(), 3),
            new ClientNotice.Paid(seat, 1, 2, 2000),
            new ClientNotice.Paid(seat, 2, 5, 5000),
            new ClientNotice.ReceiptSigned(seat, bench.paul.id(), 5, 5000),
            new ClientNotice.SeatCompleted(seat, CompletionKind.COMPLETION_KIND_DUAL, 5000, 3));
  }

  @Test
  void microReceiptsAreChained() {
    Hash seat = bench.started();
    bench.ask(new ClientCommand.Pay(seat, 2, Bytes.EMPTY));
    bench.ask(new ClientCommand.Pay(seat, 5, Bytes.EMPTY));
    Micro first = micro(bench.toPartner(MICRO).get(0));
    Micro second = micro(bench.toPartner(MICRO).get(1));
    assertThat(first.getPrevHash().isEmpty()).isTrue();
    assertThat(second.getSeq()).isEqualTo(2);
    assertThat(second.getPrevHash())
        .isEqualTo(bench.id(bench.toPartner(MICRO).get(0)).toByteString());
  }

  @Test
  void whatIsPaidAlreadyIsNotSignedAgain() {
    Hash seat = bench.started();
    bench.ask(new ClientCommand.Pay(seat, 5, Bytes.EMPTY));
    bench.ask(new ClientCommand.Pay(seat, 5, Bytes.EMPTY));
    bench.ask(new ClientCommand.Pay(seat, 3, Bytes.EMPTY));
    assertThat(bench.toPartner(MICRO)).hasSize(1);
    assertThat(bench.client.notices(ClientNotice.Paid.class)).hasSize(3);
  }

  @Test
  void aSignOfLifeSaysAgainWhatWasSaidLast() {
    Hash seat = bench.started();
    bench.ask(new ClientCommand.SignOfLife(seat));
    assertThat(bench.toPartner(CONTRACT)).hasSize(2);
    assertThat(bench.toPartner(CONTRACT).get(0)).isEqualTo(bench.toPartner(CONTRACT).get(1));
    bench.ask(new ClientCommand.Pay(seat, 5, Bytes.EMPTY));
    int written = bench.client.log.size();
    bench.ask(new ClientCommand.SignOfLife(seat));
    bench.ask(new ClientCommand.SignOfLife(Hash.ZERO));
    assertThat(bench.toPartner(MICRO)).hasSize(2);
    assertThat(bench.toPartner(MICRO).get(0)).isEqualTo(bench.toPartner(MICRO).get(1));
    assertThat(bench.client.log).hasSize(written);
  }

  @Test
  void moreThanTheContractPaysIsNotSigned() {
    Hash seat = bench.started();
    for (long units : new long[] {101, Long.MAX_VALUE, -1}) {
      bench.ask(new ClientCommand.Pay(seat, units, Bytes.EMPTY));
    }
    bench.ask(new ClientCommand.Pay(Hash.ZERO, 1, Bytes.EMPTY));
    assertThat(bench.toPartner(MICRO)).isEmpty();
    assertThat(bench.client.notices(ClientNotice.NotPaid.class)).hasSize(4);
  }

  @Test
  void nothingIsPaidBeforeStartIsProven() {
    Envelope contract = bench.opened();
    bench.hear(bench.countersigned(contract));
    bench.show(bench.start(contract));
    bench.ask(new ClientCommand.Pay(bench.id(contract), 1, Bytes.EMPTY));
    assertThat(bench.client.notices(ClientNotice.NotPaid.class)).hasSize(1);
    assertThat(bench.toPartner(MICRO)).isEmpty();
  }

  @Test
  void termsThatMakeNoContractAreRefusedBeforeAnythingIsSigned() {
    SeatTerms terms = bench.terms();
    SeatTerms free = new SeatTerms("MiB", 0, 1000, 4, 30, 1, 0);
    SeatTerms cheaper = new SeatTerms("MiB", ClientBench.PRICE - 1, 1000, 4, 30, 1, 0);
    SeatTerms endless = new SeatTerms("MiB", ClientBench.PRICE, 1000, 4, 30, 181, 0);
    for (SeatTerms bad : new SeatTerms[] {free, cheaper, endless}) {
      bench.ask(
          new ClientCommand.OpenSeat(
              bench.request.id(), 0, bench.sealed(bench.bid()), bad, ClientBench.SEED));
    }
    bench.ask(
        new ClientCommand.OpenSeat(
            Hash.ZERO, 0, bench.sealed(bench.bid()), terms, ClientBench.SEED));
    assertThat(bench.client.notices(ClientNotice.SeatFailed.class)).hasSize(4);
    assertThat(bench.client.log).isEmpty();
    assertThat(bench.toPartner(CONTRACT)).isEmpty();
  }

  @Test
  void aSeatHasOneContractAtATime() {
    bench.opened();
    bench.ask(
        new ClientCommand.OpenSeat(
            bench.request.id(), 0, bench.sealed(bench.bid()), bench.terms(), Hash.ZERO.bytes()));
    assertThat(bench.client.notices(ClientNotice.SeatFailed.class))
        .singleElement()
        .matches(failed -> failed.code() == RejectCode.REJECT_CODE_USED);
  }

  // --- other partners
  // -----------------------------------------------------------------------------

  @Test
  void aContractSignedByAnotherKeyIsRefused() {
    Envelope contract = bench.opened();
    Contract body = Canonical.decode(Contract.parser(), Bytes.of(contract.getBody())).orElseThrow();
    bench.hear(Envelopes.sealSession(bench.ledger.chain.context(), OTHER, body));
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_BAD_SIGNATURE);
    bench.hear(
        Envelopes.sealSession(
            bench.ledger.chain.context(), bench.paul, body.toBuilder().setUnitPrice(1).build()));
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_UNKNOWN_CONTRACT);
    assertThat(bench.client.log).hasSize(1);
  }

  @Test
  void aStartOfAnotherContractOrSignerIsNotHandedIn() {
    Envelope contract = bench.opened();
    Envelope other =
        Envelopes.sealSession(
            bench.ledger.chain.context(),
            OTHER,
            Canonical.decode(Contract.parser(), Bytes.of(contract.getBody())).orElseThrow());
    bench.show(bench.start(other));
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_UNKNOWN_CONTRACT);
    bench.show(bench.request.envelope());
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_BAD_SIGNATURE);
    bench.show(bench.ledger.transfer(bench.paul, OTHER.id(), 1).envelope());
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_NOT_AUTHORISED);
    assertThat(bench.client.sent(WireMessage.SUBMIT_FIELD_NUMBER)).isEmpty();
  }

  @Test
  void aCloseOverAnotherAmountIsNoReceipt() {
    Hash seat = bench.started();
    bench.ask(new ClientCommand.Pay(seat, 5, Bytes.EMPTY));
    bench.ask(new ClientCommand.CloseSeat(seat, Bytes.EMPTY));
    Close close =
        Canonical.decode(Close.parser(), Bytes.of(bench.toPartner(CLOSE).getLast().getBody()))
            .orElseThrow();
    bench.hear(
        Envelopes.sealSession(
            bench.ledger.chain.context(),
            bench.partnerSession,
            close.toBuilder().setAmount(6000).build()));
    bench.hear(Envelopes.sealSession(bench.ledger.chain.context(), OTHER, close));
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_BAD_SIGNATURE);
    assertThat(bench.client.notices(ClientNotice.ReceiptSigned.class)).isEmpty();
  }

  @Test
  void aPartnerThatRefusesTheContractFailsTheSeatAndAnotherMayHaveIt() {
    Envelope contract = bench.opened();
    bench.client.on(bench.reject(bench.id(contract), RejectCode.REJECT_CODE_NO_SPACE));
    assertThat(bench.client.notices(ClientNotice.SeatFailed.class))
        .containsExactly(
            new ClientNotice.SeatFailed(
                bench.request.id(), 0, bench.paul.id(), RejectCode.REJECT_CODE_NO_SPACE, ""));
    bench.ask(
        new ClientCommand.OpenSeat(
            bench.request.id(), 0, bench.sealed(bench.bid()), bench.terms(), Hash.ZERO.bytes()));
    assertThat(bench.client.notices(ClientNotice.SeatOpened.class)).hasSize(2);
  }

  @Test
  void aPartnerThatGivesUpARunningSeatIsStillPaidWhatWasSigned() {
    Hash seat = bench.started();
    bench.ask(new ClientCommand.Pay(seat, 5, Bytes.EMPTY));
    bench.client.on(bench.reject(seat, RejectCode.REJECT_CODE_NO_SPACE));
    assertThat(bench.client.notices(ClientNotice.SeatFailed.class)).hasSize(1);
    bench.ask(new ClientCommand.LeaveSeat(seat));
    Complete complete =
        Canonical.decode(Complete.parser(), Bytes.of(bench.lastEntry().getBody())).orElseThrow();
    assertThat(complete.getKind()).isEqualTo(CompletionKind.COMPLETION_KIND_PARTIAL);
    assertThat(complete.getParty()).isEqualTo(1);
    bench.prove(bench.id(bench.lastEntry()), EntryResult.ENTRY_RESULT_OK);
    assertThat(bench.client.notices(ClientNotice.SeatCompleted.class)).hasSize(1);
  }

  @Test
  void aRefusalOfSomebodyElseChangesNothing() {
    Envelope contract = bench.opened();
    bench.client.on(
        bench.members.from(
            OTHER, bench.members.reject(bench.id(contract), RejectCode.REJECT_CODE_NO_SPACE)));
    assertThat(bench.client.notices(ClientNotice.SeatFailed.class)).isEmpty();
  }

  // --- silence
  // ------------------------------------------------------------------------------------

  @Test
  void aSilentPartnerIsAskedFourTimesWithTheSameBytes() {
    bench.opened();
    bench.client.run(4 * 6000 - 1);
    assertThat(bench.toPartner(CONTRACT)).hasSize(4);
    assertThat(bench.toPartner(CONTRACT).stream().distinct()).hasSize(1);
    assertThat(bench.client.notices(ClientNotice.SeatFailed.class)).isEmpty();
    bench.client.run(1);
    assertThat(bench.client.notices(ClientNotice.SeatFailed.class))
        .singleElement()
        .matches(failed -> failed.code() == RejectCode.REJECT_CODE_UNSPECIFIED);
  }

  @Test
  void theContractWaitsForTheConnection() {
    bench.client.on(new Event.PeerDown(bench.paul.id()));
    bench.ask(
        new ClientCommand.OpenSeat(
            bench.request.id(), 0, bench.sealed(bench.bid()), bench.terms(), ClientBench.SEED));
    assertThat(bench.toPartner(CONTRACT)).isEmpty();
    bench.client.on(new Event.PeerUp(bench.paul.id(), Role.ROLE_PARTNER));
    assertThat(bench.toPartner(CONTRACT)).hasSize(1);
  }

  @Test
  void aPartnerThatSignsTheCloseAndVanishesIsCompletedByTheClient() {
    Hash seat = bench.started();
    bench.ask(new ClientCommand.Pay(seat, 5, Bytes.EMPTY));
    bench.ask(new ClientCommand.CloseSeat(seat, Bytes.EMPTY));
    bench.closedByPartner();
    bench.client.run(4 * 6000);
    Complete complete =
        Canonical.decode(Complete.parser(), Bytes.of(bench.lastEntry().getBody())).orElseThrow();
    assertThat(complete.getKind()).isEqualTo(CompletionKind.COMPLETION_KIND_DUAL);
    assertThat(complete.getParty()).isEqualTo(1);
  }

  // --- restart
  // ------------------------------------------------------------------------------------

  @Test
  void afterARestartTheSameCommandFindsTheSameSeat() {
    Envelope contract = bench.opened();
    bench.restart();
    assertThat(bench.toPartner(CONTRACT)).containsExactly(contract);
    bench.ask(
        new ClientCommand.OpenSeat(
            bench.request.id(), 0, bench.sealed(bench.bid()), bench.terms(), ClientBench.SEED));
    assertThat(bench.client.notices(ClientNotice.SeatOpened.class))
        .hasSize(2)
        .allMatch(seat -> seat.contractId().equals(bench.id(contract)));
    assertThat(bench.client.log).hasSize(1);
  }

  @Test
  void afterARestartReceiptsGoOnWhereTheyEnded() {
    Hash seat = bench.started();
    bench.ask(new ClientCommand.Pay(seat, 5, Bytes.EMPTY));
    Envelope newest = bench.toPartner(MICRO).getLast();
    bench.restart();
    assertThat(bench.toPartner(MICRO)).containsExactly(newest);
    bench.ask(new ClientCommand.Pay(seat, 6, Bytes.EMPTY));
    assertThat(micro(bench.toPartner(MICRO).getLast()).getSeq()).isEqualTo(2);
    bench.ask(new ClientCommand.CloseSeat(seat, Bytes.EMPTY));
    Envelope close = bench.toPartner(CLOSE).getLast();
    bench.restart();
    assertThat(bench.toPartner(CLOSE)).containsExactly(close);
  }

  @Test
  void afterARestartACompletedSeatIsToldAndLeftAlone() {
    Hash seat = bench.started();
    bench.ask(new ClientCommand.Pay(seat, 5, Bytes.EMPTY));
    bench.ask(new ClientCommand.LeaveSeat(seat));
    bench.prove(bench.id(bench.lastEntry()), EntryResult.ENTRY_RESULT_OK);
    bench.restart();
    bench.client.run(60_000);
    assertThat(bench.client.notices(ClientNotice.SeatCompleted.class)).hasSize(1);
    assertThat(bench.client.sent.stream().map(Driver.Sent::to)).doesNotContain(bench.paul.id());
  }

  private static Micro micro(Envelope envelope) {
    return Canonical.decode(Micro.parser(), Bytes.of(envelope.getBody())).orElseThrow();
  }
}
