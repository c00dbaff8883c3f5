package org.undchain.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.agent.Driver;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.message.Ack;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.Contacts;
import org.undchain.core.message.DirectoryReply;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Offer;
import org.undchain.core.message.OfferControl;
import org.undchain.core.message.OfferOrder;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** Offers for a client's jobs, and where partners can be reached. */
final class OffersTest {
  private static final int CONTROL = WireMessage.OFFER_CONTROL_FIELD_NUMBER;
  private final ClientBench bench = new ClientBench().connected();

  private void requested(int... matchers) {
    bench.ask(new ClientCommand.SubmitEntry(bench.request.envelope(), true));
    Ack.Builder ack = bench.members.ack(bench.request.id(), 0, 0).toBuilder();
    for (int matcher : matchers) {
      ack.addMatchers(bench.members.id(matcher).toByteString());
    }
    bench.client.on(bench.members.from(0, ack.build()));
  }

  @Test
  @Tag("R6.5")
  void theStreamIsOpenedOnceAtEachMatcherThatTheAckNames() {
    requested(1, 2);
    requested(1, 2);
    assertThat(bench.client.sent(CONTROL))
        .extracting(Driver.Sent::to)
        .containsExactlyInAnyOrder(bench.members.id(1), bench.members.id(2));
    assertThat(control(0).getOrder()).isEqualTo(OfferOrder.OFFER_ORDER_OPEN);
  }

  @Test
  void strangersNamedAsMatchersAreNotAsked() {
    bench.ask(new ClientCommand.SubmitEntry(bench.request.envelope(), true));
    Ack ack =
        bench.members.ack(bench.request.id(), 0, 0).toBuilder()
            .addMatchers(bench.paul.id().toByteString())
            .addMatchers(ByteString.copyFromUtf8("short"))
            .build();
    bench.client.on(bench.members.from(0, ack));
    assertThat(bench.client.sent(CONTROL)).isEmpty();
  }

  @Test
  @Tag("R6.4")
  void everyBidIsToldOnce() {
    requested(1, 2);
    Envelope bid = bench.sealed(bench.bid());
    bench.client.on(bench.offer(1, bid));
    bench.client.on(bench.offer(2, bid));
    assertThat(bench.client.notices(ClientNotice.Offered.class))
        .singleElement()
        .matches(offer -> offer.partner().equals(bench.paul.id()) && offer.score() == 44_400);
  }

  @Test
  void forgedLateAndForeignBidsAreNotTold() {
    requested(1, 2);
    Envelope good = bench.sealed(bench.bid());
    bench.client.on(bench.offer(1, good.toBuilder().setSig(flipped(good)).build()));
    bench.client.on(bench.offer(1, good.toBuilder().clearSig().build()));
    bench.client.on(bench.offer(1, bench.sealed(bench.bid().setJobId(Hash.ZERO.toByteString()))));
    bench.client.on(bench.offer(1, bench.sealed(bench.bid().clearEphemeralKey())));
    bench.client.run(bench.ledger.chain.rules().slotMillis() * 6);
    bench.client.on(bench.offer(1, bench.sealed(bench.bid().setExpirySlot(5))));
    bench.client.on(bench.members.from(bench.paul, offerOf(good)));
    assertThat(bench.client.notices(ClientNotice.Offered.class)).isEmpty();
  }

  @Test
  @Tag("R6.5")
  void whoHasEnoughStopsTheStreams() {
    requested(1, 2);
    bench.ask(new ClientCommand.StopOffers(bench.request.id()));
    assertThat(bench.client.sent(CONTROL)).hasSize(2 + 4);
    bench.client.on(bench.offer(1, bench.sealed(bench.bid())));
    assertThat(bench.client.notices(ClientNotice.Offered.class)).isEmpty();
    bench.ask(new ClientCommand.MoreOffers(bench.request.id()));
    bench.client.on(bench.offer(1, bench.sealed(bench.bid())));
    assertThat(bench.client.notices(ClientNotice.Offered.class)).hasSize(1);
  }

  @Test
  @Tag("R6.9")
  void anUnreachablePartnerIsReportedToTheMatchers() {
    requested(1, 2);
    bench.ask(new ClientCommand.ReportUnreachable(bench.request.id(), bench.paul.id()));
    assertThat(control(2).getOrder()).isEqualTo(OfferOrder.OFFER_ORDER_REPORT_UNREACHABLE);
    assertThat(control(2).getPartner()).isEqualTo(bench.paul.id().toByteString());
  }

  @Test
  void whenNoMatcherKnowsTheJobTheUserHears() {
    requested(1, 2);
    bench.client.on(
        bench.members.from(
            1, bench.members.reject(bench.request.id(), RejectCode.REJECT_CODE_UNKNOWN_JOB)));
    assertThat(bench.client.notices(ClientNotice.OffersRefused.class)).isEmpty();
    bench.client.on(
        bench.members.from(
            2, bench.members.reject(bench.request.id(), RejectCode.REJECT_CODE_UNKNOWN_JOB)));
    assertThat(bench.client.notices(ClientNotice.OffersRefused.class)).hasSize(1);
  }

  // --- where partners are
  // -------------------------------------------------------------------------

  @Test
  void theNewestOfTwoAnswersCounts() {
    Signer petra = LedgerFixture.signer("petra");
    bench.ask(new ClientCommand.LookUp(List.of(bench.paul.id(), petra.id())));
    assertThat(bench.client.sent(WireMessage.DIRECTORY_REQUEST_FIELD_NUMBER)).hasSize(4);
    bench.client.on(bench.members.from(0, reply(contact(bench.paul, 1))));
    assertThat(bench.client.notices).isEmpty();
    bench.client.on(bench.members.from(0, reply(contact(bench.paul, 9))));
    bench.client.on(bench.members.from(2, reply(contact(bench.paul, 2))));
    ClientNotice.Contacts found = bench.client.notices(ClientNotice.Contacts.class).getFirst();
    assertThat(found.asked()).containsExactly(bench.paul.id(), petra.id());
    assertThat(found.records()).singleElement().matches(record -> record.getSerial() == 2);
  }

  @Test
  void anAnswerToTheQuestionBeforeIsNoneToThisOne() {
    bench.ask(new ClientCommand.LookUp(List.of()));
    bench.client.on(bench.members.from(0, reply(1)));
    bench.client.on(bench.members.from(1, reply(1)));
    assertThat(bench.client.notices(ClientNotice.Contacts.class)).hasSize(1);
    bench.ask(new ClientCommand.LookUp(List.of()));
    bench.client.on(bench.members.from(2, reply(1)));
    bench.client.on(bench.members.from(3, reply(1)));
    assertThat(bench.client.notices(ClientNotice.Contacts.class)).hasSize(1);
    bench.client.on(bench.members.from(2, reply(2, contact(bench.paul, 1))));
    bench.client.on(bench.members.from(3, reply(2, contact(bench.paul, 1))));
    assertThat(bench.client.notices(ClientNotice.Contacts.class).getLast().records()).hasSize(1);
  }

  @Test
  void recordsThatTheirPartnerDidNotSignDoNotCount() {
    bench.ask(new ClientCommand.LookUp(List.of(bench.paul.id())));
    Envelope good = contact(bench.paul, 1);
    Envelope forged = good.toBuilder().setSig(flipped(good)).build();
    bench.client.on(bench.members.from(0, reply(forged)));
    bench.client.on(bench.members.from(1, reply(contact(LedgerFixture.signer("petra"), 1))));
    bench.client.on(bench.members.from(2, reply(forged)));
    assertThat(bench.client.notices(ClientNotice.Contacts.class))
        .singleElement()
        .matches(found -> found.records().isEmpty());
  }

  @Test
  void whatCameIsToldWhenNobodyAnswersMore() {
    bench.ask(new ClientCommand.LookUp(List.of(bench.paul.id())));
    bench.client.on(bench.members.from(0, reply(contact(bench.paul, 1))));
    bench.client.run(6000);
    assertThat(bench.client.notices(ClientNotice.Contacts.class))
        .singleElement()
        .matches(found -> found.records().size() == 1);
  }

  // ---------------------------------------------------------------------------------------------

  private Offer offerOf(Envelope bid) {
    return Offer.newBuilder().setBid(bid).build();
  }

  private Envelope contact(Signer partner, long serial) {
    return Contacts.seal(
        bench.ledger.chain.context(),
        partner,
        0,
        ContactRecord.newBuilder().setId(partner.id().toByteString()).setSerial(serial).build());
  }

  private static DirectoryReply reply(Envelope... records) {
    return reply(1, records);
  }

  private static DirectoryReply reply(long tag, Envelope... records) {
    return DirectoryReply.newBuilder().setTag(tag).addAllRecords(List.of(records)).build();
  }

  private static ByteString flipped(Envelope envelope) {
    byte[] sig = envelope.getSig().toByteArray();
    sig[5] ^= 1;
    return ByteString.copyFrom(sig);
  }

  private OfferControl control(int place) {
    return Canonical.decode(
            OfferControl.parser(),
            Bytes.of(bench.client.sent(CONTROL).get(place).message().getBody()))
        .orElseThrow();
  }
}
