package org.undchain.core.partner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.agent.Driver;
import org.undchain.core.agent.Members;
import org.undchain.core.codec.Canonical;
import org.undchain.core.machine.Event;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Entry;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.JobNotice;
import org.undchain.core.message.Micro;
import org.undchain.core.message.OfferControl;
import org.undchain.core.message.PartnerState;
import org.undchain.core.message.PartnerStatus;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SubscribeCode;
import org.undchain.core.message.SubscribeReply;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** A partner's presence at the validators and its seats, one agent at a time. */
final class PartnerAgentTest {
  private static final int SUBSCRIBE = WireMessage.SUBSCRIBE_FIELD_NUMBER;
  private static final int STATUS = WireMessage.PARTNER_STATUS_FIELD_NUMBER;
  private final PartnerBench bench = new PartnerBench().connected();

  // --- presence
  // -----------------------------------------------------------------------------------

  @Test
  @Tag("R6.1")
  void itSubscribesAtEveryValidatorAndAgainWhereNoAnswerCame() {
    assertThat(bench.partner.sent(SUBSCRIBE)).hasSize(4);
    answer(0, SubscribeCode.SUBSCRIBE_CODE_OK, "");
    answer(1, SubscribeCode.SUBSCRIBE_CODE_LOW_SCORE, "the score is 3");
    bench.partner.run(7000);
    assertThat(bench.partner.sent(SUBSCRIBE).subList(4, 6))
        .extracting(Driver.Sent::to)
        .containsExactlyInAnyOrder(bench.members.id(2), bench.members.id(3));
    assertThat(bench.partner.notices(PartnerNotice.Subscribed.class))
        .contains(
            new PartnerNotice.Subscribed(
                bench.members.id(1), SubscribeCode.SUBSCRIBE_CODE_LOW_SCORE, "the score is 3"));
  }

  @Test
  void anAnswerToAnotherSubscriptionIsNotHeard() {
    bench.partner.on(
        bench.members.from(
            0, SubscribeReply.newBuilder().setSubId(Hash.ZERO.toByteString()).build()));
    assertThat(bench.partner.notices).isEmpty();
  }

  @Test
  @Tag("R6.1")
  void itRenewsBeforeTheSubscriptionEnds() {
    for (int i = 0; i < Members.COUNT; i++) {
      answer(i, SubscribeCode.SUBSCRIBE_CODE_OK, "");
    }
    long period = periodMillis();
    bench.partner.run(period - 5000);
    assertThat(bench.partner.sent(SUBSCRIBE)).hasSize(4);
    bench.partner.run(15_000);
    assertThat(bench.partner.sent(SUBSCRIBE).size()).isGreaterThanOrEqualTo(8);
  }

  @Test
  @Tag("R6.2")
  void aSignOfLifeComesEveryHeartbeatGiveOrTakeATenth() {
    long beat = bench.ledger.chain.rules().heartbeatMillis();
    bench.partner.run(20 * beat);
    long beats = statuses(bench.members.id(0)).size();
    assertThat(beats).isBetween(18L, 23L);
    assertThat(statuses(bench.members.id(0)))
        .allMatch(status -> status.getState() == PartnerState.PARTNER_STATE_ACTIVE);
  }

  @Test
  @Tag("R6.2")
  void changesOfCapacityAreToldAtMostOncePerPause() {
    capacity(0);
    assertThat(lastState()).isEqualTo(PartnerState.PARTNER_STATE_AT_CAPACITY);
    int told = statuses(bench.members.id(0)).size();
    capacity(5);
    capacity(0);
    capacity(5);
    assertThat(statuses(bench.members.id(0))).hasSize(told);
    bench.partner.run(bench.ledger.chain.rules().capacityCooldownMillis());
    assertThat(lastState()).isEqualTo(PartnerState.PARTNER_STATE_ACTIVE);
  }

  @Test
  @Tag("R6.2")
  void afterSignOffItIsSilentAndBidsNoMore() {
    bench.partner.on(new Event.CommandIn(new PartnerCommand.SignOff()));
    assertThat(lastState()).isEqualTo(PartnerState.PARTNER_STATE_SIGN_OFF);
    int sent = bench.partner.sent.size();
    bench.partner.run(60_000);
    bench.partner.on(bench.members.up(0));
    bench.partner.on(
        bench.members.plain(
            bench.members.id(0), JobNotice.newBuilder().setJob(bench.request.envelope()).build()));
    assertThat(bench.partner.sent).hasSize(sent);
  }

  @Test
  void aValidatorThatForgotItIsSubscribedToAgain() {
    for (int i = 0; i < Members.COUNT; i++) {
      answer(i, SubscribeCode.SUBSCRIBE_CODE_OK, "");
    }
    bench.partner.run(6000);
    Hash status =
        Envelopes.id(bench.ledger.chain.context(), bench.partner.sent(STATUS).getLast().message());
    bench.partner.on(
        bench.members.from(2, bench.members.reject(status, RejectCode.REJECT_CODE_WRONG_STATE)));
    bench.partner.run(6000);
    assertThat(bench.partner.sent(SUBSCRIBE).getLast().to()).isEqualTo(bench.members.id(2));
  }

  @Test
  @Tag("R3.1")
  void aValidatorThatIsJustStartingIsAskedAgainSoon() {
    Hash subscribe =
        Envelopes.id(
            bench.ledger.chain.context(), bench.partner.sent(SUBSCRIBE).getFirst().message());
    bench.partner.on(
        bench.members.from(2, bench.members.reject(subscribe, RejectCode.REJECT_CODE_NOT_SYNCED)));
    bench.partner.run(500);
    assertThat(bench.partner.sent(SUBSCRIBE).subList(4, 5))
        .extracting(Driver.Sent::to)
        .containsExactly(bench.members.id(2));
    assertThat(bench.partner.sent(SUBSCRIBE)).hasSize(5);
  }

  // --- bids
  // ---------------------------------------------------------------------------------------

  @Test
  @Tag("R6.4")
  void everyMatcherGetsTheSameBid() {
    Envelope first = bench.notified();
    bench.partner.run(3000);
    Envelope second = bench.notified();
    assertThat(second).isEqualTo(first);
    assertThat(bench.partner.notices(PartnerNotice.Bidding.class)).hasSize(1);
  }

  @Test
  void aNoticeOfNobodyItTrustsIsNotHeard() {
    bench.partner.on(
        bench.members.plain(
            bench.ann.id(), JobNotice.newBuilder().setJob(bench.request.envelope()).build()));
    assertThat(bench.partner.sent(WireMessage.BID_FIELD_NUMBER)).isEmpty();
  }

  @Test
  void withoutRoomItDoesNotBid() {
    capacity(0);
    bench.partner.on(
        bench.members.plain(
            bench.members.id(0), JobNotice.newBuilder().setJob(bench.request.envelope()).build()));
    assertThat(bench.partner.sent(WireMessage.BID_FIELD_NUMBER)).isEmpty();
  }

  // --- seats
  // --------------------------------------------------------------------------------------

  @Test
  @Tag("I20")
  void theContractIsOnDiskBeforeTheSignatureLeaves() {
    bench.offer(bench.contract().build());
    assertThat(bench.partner.log).isEmpty();
    bench.prove(bench.request.id(), EntryResult.ENTRY_RESULT_OK);
    assertThat(bench.partner.log).hasSize(1);
    assertThat(bench.toClient(WireMessage.CONTRACT_FIELD_NUMBER)).hasSize(1);
    assertThat(bench.partner.log.getFirst().getSession().getStart())
        .isEqualTo(bench.lastEnvelope());
  }

  @Test
  @Tag("R7.9")
  void creditGrowsWithWhatIsPaidAndEndsAtTheContract() {
    Hash contract = bench.started();
    bench.say(bench.session, bench.micro(contract, 1, 50).build());
    bench.say(bench.session, micro(contract, 2, 99));
    assertThat(bench.partner.notices(PartnerNotice.Credit.class))
        .containsExactly(
            new PartnerNotice.Credit(contract, 0, 4),
            new PartnerNotice.Credit(contract, 50, 54),
            new PartnerNotice.Credit(contract, 99, 100));
  }

  @Test
  void whatIsAskedTwiceIsAnsweredTwiceWithTheSameBytes() {
    Hash contract = bench.started();
    Envelope first = bench.toClient(WireMessage.CONTRACT_FIELD_NUMBER).getFirst();
    Envelope start = bench.lastEnvelope();
    bench.restart();
    bench.partner.on(
        bench.members.in(bench.ann.id(), bench.partner.log.getFirst().getSession().getContract()));
    assertThat(bench.toClient(WireMessage.CONTRACT_FIELD_NUMBER)).containsExactly(first);
    assertThat(bench.lastEnvelope()).isEqualTo(start);
    assertThat(bench.partner.notices(PartnerNotice.SeatOpened.class))
        .singleElement()
        .matches(seat -> seat.contractId().equals(contract));
  }

  @Test
  void aCloseIsSignedAgainAfterARestartWithTheSameBytes() {
    Hash contract = bench.started();
    bench.say(bench.session, bench.micro(contract, 1, 5).build());
    bench.say(bench.session, bench.close(contract, 1, 5).build());
    Envelope receipt = bench.toClient(WireMessage.CLOSE_FIELD_NUMBER).getFirst();
    Envelope complete = bench.lastEnvelope();
    bench.restart();
    bench.say(bench.session, bench.close(contract, 1, 5).build());
    assertThat(bench.toClient(WireMessage.CLOSE_FIELD_NUMBER)).containsExactly(receipt);
    assertThat(bench.lastEnvelope()).isEqualTo(complete);
    bench.prove(bench.lastEntry(), EntryResult.ENTRY_RESULT_OK);
    assertThat(bench.partner.notices(PartnerNotice.SeatClosed.class))
        .containsExactly(
            new PartnerNotice.SeatClosed(
                contract, CompletionKind.COMPLETION_KIND_DUAL, 5 * PartnerBench.PRICE, 3));
  }

  @Test
  @Tag("R7.9")
  void aSilentClientLeavesTheNewestReceiptToHandIn() {
    Hash contract = bench.started();
    bench.say(bench.session, bench.micro(contract, 1, 5).build());
    bench.partner.run(bench.ledger.chain.rules().clientSilenceMillis() - 1);
    assertThat(lastComplete()).isEmpty();
    bench.partner.run(1);
    assertThat(lastComplete().orElseThrow().getKind())
        .isEqualTo(CompletionKind.COMPLETION_KIND_PARTIAL);
    assertThat(lastComplete().orElseThrow().getParty()).isEqualTo(2);
  }

  @Test
  void workThatGoesOnIsASignOfLife() {
    Hash contract = bench.started();
    bench.say(bench.session, bench.micro(contract, 1, 5).build());
    for (int units = 1; units < 6; units++) {
      bench.partner.run(bench.ledger.chain.rules().clientSilenceMillis() - 1);
      bench.partner.on(new Event.CommandIn(new PartnerCommand.Delivered(contract, units)));
    }
    assertThat(lastComplete()).isEmpty();
  }

  @Test
  void aReceiptOrContractSaidAgainIsASignOfLife() {
    Hash contract = bench.started();
    bench.partner.run(bench.ledger.chain.rules().clientSilenceMillis() - 1);
    bench.partner.on(
        bench.members.in(bench.ann.id(), bench.partner.log.getFirst().getSession().getContract()));
    bench.partner.run(bench.ledger.chain.rules().clientSilenceMillis() - 1);
    assertThat(bench.partner.notices(PartnerNotice.SeatFailed.class)).isEmpty();
    Micro micro = bench.micro(contract, 1, 5).build();
    bench.say(bench.session, micro);
    bench.partner.run(bench.ledger.chain.rules().clientSilenceMillis() - 1);
    bench.say(bench.session, micro);
    bench.partner.run(bench.ledger.chain.rules().clientSilenceMillis() - 1);
    assertThat(lastComplete()).isEmpty();
    bench.partner.run(1);
    assertThat(lastComplete()).isPresent();
  }

  @Test
  void aContractOverABidOfBeforeTheRestartIsRefusedWithAReason() {
    Contract contract = bench.contract().build();
    bench.restart();
    bench.offer(contract);
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_NOT_FOUND);
    capacity(PartnerBench.ROOM - 1);
    bench.notified(); // another bid, so its hash is another
    bench.offer(contract);
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_BAD_FIELD);
    assertThat(bench.partner.log).isEmpty();
    assertThat(bench.partner.sent(WireMessage.SUBMIT_FIELD_NUMBER)).isEmpty();
  }

  @Test
  void aPartnerThatGivesUpKeepsWhatIsPaidAndSaysWhy() {
    Hash contract = bench.started();
    bench.say(bench.session, bench.micro(contract, 1, 5).build());
    bench.partner.on(
        new Event.CommandIn(
            new PartnerCommand.EndSeat(
                contract, RejectCode.REJECT_CODE_NO_SPACE, "the disk is full")));
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_NO_SPACE);
    assertThat(bench.lastReject().getRef()).isEqualTo(contract.toByteString());
    assertThat(lastComplete().orElseThrow().getKind())
        .isEqualTo(CompletionKind.COMPLETION_KIND_PARTIAL);
  }

  @Test
  void theClientsOwnCompletionIsAsGoodAsThePartners() {
    Hash contract = bench.started();
    bench.say(bench.session, bench.micro(contract, 1, 5).build());
    bench.say(bench.session, bench.close(contract, 1, 5).build());
    Hash complete = bench.lastEntry();
    for (int i = 0; i < 2; i++) {
      bench.partner.on(
          bench.members.from(i, bench.members.reject(complete, RejectCode.REJECT_CODE_USED)));
    }
    assertThat(bench.partner.notices(PartnerNotice.SeatClosed.class))
        .singleElement()
        .matches(closed -> closed.height() == 0);
  }

  @Test
  void anEntryNoBlockTookIsHandedInAgainInANewWindow() {
    bench.offer(bench.contract().build());
    bench.prove(bench.request.id(), EntryResult.ENTRY_RESULT_OK);
    Hash first = bench.lastEntry();
    bench.partner.run(22 * bench.ledger.chain.rules().slotMillis());
    assertThat(bench.lastEntry()).isNotEqualTo(first);
    bench.prove(bench.lastEntry(), EntryResult.ENTRY_RESULT_OK);
    assertThat(bench.partner.notices(PartnerNotice.SeatOpened.class)).hasSize(1);
  }

  @Test
  void roomIsReservedFromTheContractOn() {
    bench.started();
    capacity(101);
    bench.partner.run(bench.ledger.chain.rules().heartbeatMillis() * 11 / 10);
    assertThat(lastState()).isEqualTo(PartnerState.PARTNER_STATE_ACTIVE);
    capacity(100);
    assertThat(lastState()).isEqualTo(PartnerState.PARTNER_STATE_AT_CAPACITY);
  }

  @Test
  void aMessageForSomebodyElseIsAnsweredWithAReason() {
    bench.partner.on(
        bench.members.plain(
            bench.ann.id(),
            OfferControl.newBuilder().setJobId(bench.request.id().toByteString()).build()));
    assertThat(bench.lastReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_NOT_AUTHORISED);
  }

  // ---------------------------------------------------------------------------------------------

  private Micro micro(Hash contract, long seq, long units) {
    Hash before =
        Envelopes.id(
            bench.ledger.chain.context(),
            bench.partner.log.getLast().getSession().getNewestMicro());
    return bench.micro(contract, seq, units).setPrevHash(before.toByteString()).build();
  }

  private void answer(int member, SubscribeCode code, String detail) {
    Envelope subscribe = bench.partner.sent(SUBSCRIBE).getFirst().message();
    for (Driver.Sent sent : bench.partner.sent(SUBSCRIBE)) {
      if (sent.to().equals(bench.members.id(member))) {
        subscribe = sent.message();
      }
    }
    bench.partner.on(
        bench.members.from(
            member,
            SubscribeReply.newBuilder()
                .setSubId(Envelopes.id(bench.ledger.chain.context(), subscribe).toByteString())
                .setCode(code)
                .setDetail(detail)
                .setExpiresSlot(2 * bench.ledger.chain.calendar().periodSlots())
                .build()));
  }

  private void capacity(long units) {
    bench.partner.on(new Event.CommandIn(new PartnerCommand.SetCapacity(units)));
  }

  private List<PartnerStatus> statuses(NodeId validator) {
    return bench.partner.sent(STATUS).stream()
        .filter(sent -> sent.to().equals(validator))
        .map(sent ->
            Canonical.decode(PartnerStatus.parser(), Bytes.of(sent.message().getBody()))
                .orElseThrow())
        .toList();
  }

  private PartnerState lastState() {
    return statuses(bench.members.id(0)).getLast().getState();
  }

  private long periodMillis() {
    return bench.ledger.chain.calendar().periodSlots() * bench.ledger.chain.rules().slotMillis();
  }

  private Optional<Complete> lastComplete() {
    return Optional.of(bench.lastEnvelope())
        .filter(entry -> entry.getType() == Entry.COMPLETE_FIELD_NUMBER)
        .flatMap(entry -> Canonical.decode(Complete.parser(), Bytes.of(entry.getBody())));
  }
}
