package org.undchain.core.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.ledger.LedgerFixture.Deal;
import org.undchain.core.message.Bid;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Offer;
import org.undchain.core.message.OfferControl;
import org.undchain.core.message.OfferOrder;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.PartnerState;
import org.undchain.core.message.PartnerStatus;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.SubscribeCode;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** From the subscription to the offer, and what liars say on the way. */
final class MatcherTest {
  private final MatchBench bench = new MatchBench();

  // --- the way of a job
  // ---------------------------------------------------------------------------

  @Test
  @Tag("R6.4")
  void aSubscribedPartnerHearsOfTheJobAndItsBidReachesTheClientUnaltered() {
    Signer partner = bench.partner("ann");
    assertThat(bench.replies())
        .singleElement()
        .extracting(reply -> reply.getCode())
        .isEqualTo(SubscribeCode.SUBSCRIBE_CODE_OK);

    OpenedEntry job = bench.want(1, 100);
    assertThat(bench.noticed()).containsExactly(partner.id());
    assertThat(bench.notices().getFirst().getJob()).isEqualTo(job.envelope());

    Bid bid = bench.bid(job.id()).build();
    bench.say(partner, bid);
    bench.pass(300);

    Offer offer = bench.offers().getFirst();
    assertThat(offer.getBid().getBody()).isEqualTo(bid.toByteString());
    assertThat(offer.getBid().getSigner()).isEqualTo(partner.id().toByteString());
    assertThat(offer.getScore()).isEqualTo(44_400);
    assertThat(offer.getSeq()).isEqualTo(1);
  }

  @Test
  @Tag("R6.4")
  void bidsOfTheFirstMomentAreSortedByAHashAndLaterOnesFollowAsTheyCome() {
    List<Signer> partners =
        IntStream.range(0, 6).mapToObj(i -> bench.partner("partner" + i)).toList();
    OpenedEntry job = bench.want(2, 100);
    assertThat(bench.noticed()).hasSize(6);
    List<Signer> late = partners.subList(4, 6);
    partners.subList(0, 4).forEach(partner -> bench.say(partner, bench.bid(job.id()).build()));
    assertThat(bench.offers()).isEmpty();

    bench.pass(300);
    late.forEach(partner -> bench.say(partner, bench.bid(job.id()).build()));

    List<NodeId> expected =
        new ArrayList<>(partners.subList(0, 4).stream().map(Signer::id).toList());
    expected.sort(Comparator.comparing(partner -> rank(job, partner)));
    late.forEach(partner -> expected.add(partner.id()));
    assertThat(bench.offeredPartners()).isEqualTo(expected);
    assertThat(bench.offers()).extracting(Offer::getSeq).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  @Tag("R6.4")
  void partnersHearOfAJobInWavesOfFourTimesItsSeats() {
    for (int i = 0; i < 10; i++) {
      bench.partner("partner" + i);
    }
    OpenedEntry job = bench.want(1, 100);
    assertThat(bench.noticed()).hasSize(4);
    bench.pass(999);
    assertThat(bench.noticed()).hasSize(4);
    bench.pass(1);
    assertThat(bench.noticed()).hasSize(8);
    bench.pass(5000);
    List<NodeId> order = new ArrayList<>(bench.noticed());
    order.sort(Comparator.comparing(partner -> rank(job, partner)));
    assertThat(bench.noticed()).hasSize(10).isEqualTo(order);
  }

  @Test
  @Tag("R6.3")
  void aStampedRequestIsMatchedByItsMatchersAndBySoManyOnly() {
    bench.partner("ann");
    int matched = 0;
    for (int i = 0; i < 20; i++) {
      OpenedEntry job = bench.ledger.request(bench.client, 1, 100);
      int before = bench.noticed().size();
      bench.stamp(job);
      bench.stamp(job);
      boolean isResponsible = Matchers.of(Hash.ZERO, job.id(), bench.set).contains(bench.self.id());
      assertThat(bench.noticed().size() - before).isEqualTo(isResponsible ? 1 : 0);
      matched += isResponsible ? 1 : 0;
    }
    assertThat(matched).isBetween(1, 19);
  }

  @Test
  @Tag("R6.2")
  void offersOfWhoSignsOffAreHeldBack() {
    Signer partner = bench.partner("ann");
    OpenedEntry job = bench.want(1, 100);
    bench.say(partner, bench.bid(job.id()).build());
    bench.say(
        partner, PartnerStatus.newBuilder().setState(PartnerState.PARTNER_STATE_SIGN_OFF).build());
    bench.pass(300);
    assertThat(bench.offers()).isEmpty();
  }

  // --- the client's orders
  // ------------------------------------------------------------------------

  @Test
  @Tag("R6.5")
  void theClientGetsAsManyOffersAsItAskedForThenMoreThenNone() {
    List<Signer> partners =
        IntStream.range(0, 4).mapToObj(i -> bench.partner("partner" + i)).toList();
    OpenedEntry job = bench.want(1, 100);
    bench.control(bench.client, job.id(), OfferOrder.OFFER_ORDER_OPEN, 1);
    partners.subList(0, 3).forEach(partner -> bench.say(partner, bench.bid(job.id()).build()));
    bench.pass(300);
    assertThat(bench.offers()).hasSize(1);

    bench.control(bench.client, job.id(), OfferOrder.OFFER_ORDER_MORE, 1);
    assertThat(bench.offers()).hasSize(2);

    bench.say(
        bench.client,
        OfferControl.newBuilder()
            .setJobId(job.id().toByteString())
            .setOrder(OfferOrder.OFFER_ORDER_REPORT_UNREACHABLE)
            .setPartner(bench.offers().getFirst().getBid().getSigner())
            .build());
    assertThat(bench.offers()).hasSize(3);

    bench.control(bench.client, job.id(), OfferOrder.OFFER_ORDER_STOP, 0);
    bench.say(partners.getLast(), bench.bid(job.id()).build());
    bench.pass(1000);
    assertThat(bench.offers()).hasSize(3);
    assertThat(bench.rejects(partners.getLast())).isEmpty();
  }

  @Test
  @Tag("R6.5")
  void aClientThatComesBackGetsTheSameOffersAgain() {
    Signer partner = bench.partner("ann");
    OpenedEntry job = bench.want(1, 100);
    bench.say(partner, bench.bid(job.id()).build());
    bench.pass(300);
    bench.matcher.onPeerDown(bench.client.id());
    bench.control(bench.client, job.id(), OfferOrder.OFFER_ORDER_OPEN, 0);
    assertThat(bench.offers()).hasSize(2);
    assertThat(bench.offers().get(1)).isEqualTo(bench.offers().get(0));
  }

  @Test
  @Tag("R6.5")
  void theStreamEndsAfterItsTimeAndNobodyElseHearsOfTheJob() {
    OpenedEntry job = bench.want(1, 100);
    bench.pass(30_000);
    assertThat(bench.matcher.openJobs()).isZero();
    Signer late = bench.partner("late");
    bench.say(late, bench.bid(job.id()).build());
    bench.pass(5000);
    assertThat(bench.noticed()).isEmpty();
    assertThat(bench.offers()).isEmpty();
    assertThat(bench.rejects(late)).isEmpty();
  }

  @Test
  @Tag("R6.5")
  void theStreamEndsWhenAllSeatsAreStarted() {
    Signer partner = bench.partner("ann");
    OpenedEntry job = bench.want(1, 100_000);
    bench.ledger.block(job);
    Deal deal = bench.ledger.deal(job.id(), 0, bench.client, partner, 1000);
    bench.ledger.block(bench.ledger.start(deal, partner));
    bench.pass(1000);
    assertThat(bench.matcher.openJobs()).isZero();
    bench.control(bench.client, job.id(), OfferOrder.OFFER_ORDER_OPEN, 0);
    assertThat(bench.rejects(bench.client)).containsExactly(RejectCode.REJECT_CODE_WRONG_STATE);
  }

  @Test
  @Tag("R6.3")
  void aClientMayAskBeforeItsRequestArrives() {
    Signer partner = bench.partner("ann");
    OpenedEntry job = requestMatchedHere();
    bench.control(bench.client, job.id(), OfferOrder.OFFER_ORDER_OPEN, 0);
    bench.pass(100);
    bench.stamp(job);
    bench.say(partner, bench.bid(job.id()).build());
    bench.pass(3000);
    assertThat(bench.offers()).hasSize(1);
    assertThat(bench.rejects(bench.client)).isEmpty();
  }

  @Test
  @Tag("R6.5")
  void aQuestionForAJobThatNeverComesIsRefusedInTheEnd() {
    bench.control(bench.client, Hash.ZERO, OfferOrder.OFFER_ORDER_OPEN, 0);
    assertThat(bench.rejects(bench.client)).isEmpty();
    bench.pass(bench.ledger.chain.rules().slotMillis());
    assertThat(bench.rejects(bench.client)).containsExactly(RejectCode.REJECT_CODE_UNKNOWN_JOB);
    for (int i = 0; i <= EarlyClients.ASKED_PER_CLIENT; i++) {
      bench.control(bench.client, Hashes.sha256(Hashes.u32(i)), OfferOrder.OFFER_ORDER_OPEN, 0);
    }
    assertThat(bench.rejects(bench.client)).hasSize(2);
  }

  @Test
  @Tag("R6.5")
  void whoStopsEverywhereIsNotToldWhereNothingRan() {
    bench.control(bench.client, Hash.ZERO, OfferOrder.OFFER_ORDER_STOP, 0);
    bench.control(bench.client, Hash.ZERO, OfferOrder.OFFER_ORDER_MORE, 1);
    assertThat(bench.rejects(bench.client)).containsExactly(RejectCode.REJECT_CODE_UNKNOWN_JOB);
  }

  // --- hostile input
  // ------------------------------------------------------------------------------

  @Test
  @Tag("R6.4")
  void aBidThatDoesNotFitItsJobIsRefused() {
    Signer partner = bench.partner("ann");
    OpenedEntry job = bench.want(1, 100);
    bench.say(partner, bench.bid(Hash.ZERO).build());
    bench.say(partner, bench.bid(job.id()).setUnitPrice(101).build());
    bench.say(partner, bench.bid(job.id()).setUnitPrice(-1).build());
    bench.say(partner, bench.bid(job.id()).setExpirySlot(bench.ledger.slot - 1).build());
    bench.say(partner, bench.bid(job.id()).clearEphemeralKey().build());
    bench.say(partner, bench.bid(job.id()).clearJobId().build());
    assertThat(bench.rejects(partner))
        .containsExactly(
            RejectCode.REJECT_CODE_UNKNOWN_JOB,
            RejectCode.REJECT_CODE_BAD_AMOUNT,
            RejectCode.REJECT_CODE_BAD_AMOUNT,
            RejectCode.REJECT_CODE_NOT_VALID_NOW,
            RejectCode.REJECT_CODE_BAD_FIELD,
            RejectCode.REJECT_CODE_UNKNOWN_JOB);
    bench.pass(300);
    assertThat(bench.offers()).isEmpty();
  }

  @Test
  @Tag("R6.4")
  void aBidInAnotherNameOrWithoutSubscriptionIsRefused() {
    Signer partner = bench.partner("ann");
    Signer stranger = LedgerFixture.signer("stranger");
    bench.connect(stranger, Role.ROLE_PARTNER);
    OpenedEntry job = bench.want(1, 100);

    bench.say(stranger, bench.bid(job.id()).build());
    bench.hear(
        stranger.id(),
        Envelopes.sealMessage(
            bench.ledger.chain.context(), partner, 0, bench.bid(job.id()).build()));
    bench.say(bench.client, bench.bid(job.id()).build());

    assertThat(bench.rejects(stranger))
        .containsExactly(
            RejectCode.REJECT_CODE_NOT_AUTHORISED, RejectCode.REJECT_CODE_NOT_AUTHORISED);
    assertThat(bench.rejects(bench.client)).containsExactly(RejectCode.REJECT_CODE_NOT_AUTHORISED);
    bench.pass(300);
    assertThat(bench.offers()).isEmpty();
  }

  @Test
  @Tag("R6.4")
  void aPartnerBidsOnceHoweverManyBidsItSends() {
    Signer partner = bench.partner("ann");
    OpenedEntry job = bench.want(1, 100);
    bench.say(partner, bench.bid(job.id()).build());
    bench.say(partner, bench.bid(job.id()).build());
    assertThat(bench.rejects(partner)).isEmpty();
    for (int i = 0; i < 50; i++) {
      bench.say(partner, bench.bid(job.id()).setUnitPrice(i + 8).build());
    }
    bench.pass(1000);
    assertThat(bench.rejects(partner)).hasSize(50).containsOnly(RejectCode.REJECT_CODE_QUOTA);
    assertThat(bench.offers()).hasSize(1);
  }

  @Test
  @Tag("R6.5")
  void onlyTheClientOfAJobOrdersItsOffers() {
    OpenedEntry job = bench.want(1, 100);
    Signer other = LedgerFixture.signer("other");
    bench.connect(other, Role.ROLE_CLIENT);
    bench.control(other, job.id(), OfferOrder.OFFER_ORDER_OPEN, 0);
    bench.control(other, job.id(), OfferOrder.OFFER_ORDER_STOP, 0);
    assertThat(bench.rejects(other))
        .containsExactly(
            RejectCode.REJECT_CODE_NOT_AUTHORISED, RejectCode.REJECT_CODE_NOT_AUTHORISED);
    bench.control(bench.client, job.id(), OfferOrder.OFFER_ORDER_UNSPECIFIED, 0);
    assertThat(bench.rejects(bench.client)).containsExactly(RejectCode.REJECT_CODE_BAD_FIELD);
    assertThat(bench.matcher.openJobs()).isEqualTo(1);
  }

  @Test
  @Tag("R6.1")
  void aSubscriptionNeedsThePartnersOwnContactAndRole() {
    Signer ann = LedgerFixture.signer("ann");
    Signer bob = LedgerFixture.signer("bob");
    bench.say(ann, bench.subscribe(ann, 1));
    bench.connect(ann, Role.ROLE_PARTNER);
    bench.say(ann, bench.subscribe(ann, 1).toBuilder().setContact(bench.contact(bob, 1)).build());
    bench.say(ann, bench.subscribe(ann, 1).toBuilder().clearContact().build());
    bench.say(
        ann,
        bench.subscribe(ann, 1).toBuilder()
            .setContact(bench.contact(bob, 1).toBuilder().setSigner(ann.id().toByteString()))
            .build());
    bench.connect(bench.self, Role.ROLE_PARTNER);
    bench.say(bench.self, bench.subscribe(bench.self, 1));
    assertThat(bench.rejects(ann))
        .containsExactly(
            RejectCode.REJECT_CODE_NOT_AUTHORISED,
            RejectCode.REJECT_CODE_BAD_FIELD,
            RejectCode.REJECT_CODE_MALFORMED,
            RejectCode.REJECT_CODE_BAD_SIGNATURE);
    assertThat(bench.rejects(bench.self)).containsExactly(RejectCode.REJECT_CODE_NOT_AUTHORISED);
    assertThat(bench.matcher.partners()).isZero();
  }

  private OpenedEntry requestMatchedHere() {
    while (true) {
      OpenedEntry job = bench.ledger.request(bench.client, 1, 100);
      if (Matchers.of(Hash.ZERO, job.id(), bench.set).contains(bench.self.id())) {
        return job;
      }
    }
  }

  private static Hash rank(OpenedEntry job, NodeId partner) {
    return Hashes.sha256(
        Hash.ZERO.bytes().unsafeArray(),
        job.id().bytes().unsafeArray(),
        partner.bytes().unsafeArray());
  }
}
