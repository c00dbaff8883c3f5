package org.undchain.core.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Filter;
import org.undchain.core.message.FilterNode;
import org.undchain.core.message.FilterOp;
import org.undchain.core.message.PartnerState;
import org.undchain.core.message.PartnerStatus;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Request;
import org.undchain.core.message.Subscribe;
import org.undchain.core.message.SubscribeCode;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

final class SubscriptionsTest {
  private static final RunRules RULES =
      RunRules.devnet(Hash.ZERO, LedgerFixture.signer("owner").id(), 4, List.of());
  private static final NodeId PARTNER = LedgerFixture.signer("partner").id();
  private static final long SCORE = 44_400;
  private static final BlockTime START = new BlockTime(1_000_000);
  private static final Request STORAGE = job(UtilityClass.UTILITY_CLASS_STORAGE);
  private static final Request ACCESS = job(UtilityClass.UTILITY_CLASS_ACCESS);

  private final Subscriptions subscriptions = new Subscriptions(RULES);

  @Test
  @Tag("R6.1")
  void aSubscriptionHoldsUntilItsLastSlot() {
    assertThat(subscribe(any().setTtlSlots(5)).expiresSlot()).isEqualTo(15);
    assertThat(subscriptions.fitting(STORAGE, 15)).containsExactly(PARTNER);
    assertThat(subscriptions.fitting(STORAGE, 16)).isEmpty();
  }

  @Test
  @Tag("R6.1")
  void noSubscriptionIsLongerThan42Periods() {
    long longest = 10 + 42 * RULES.periodSlots();
    assertThat(subscribe(any().setTtlSlots(Long.MAX_VALUE)).expiresSlot()).isEqualTo(longest);
    assertThat(subscribe(any().setTtlSlots(-1)).expiresSlot()).isEqualTo(longest);
    assertThat(subscribe(any()).expiresSlot()).isEqualTo(longest);
  }

  @Test
  @Tag("R6.1")
  void aJobBelowTheFloorDoesNotFit() {
    subscribe(any().setPriceFloor(101));
    assertThat(subscriptions.fitting(STORAGE, 10)).isEmpty();
    subscribe(any().setPriceFloor(100));
    assertThat(subscriptions.fitting(STORAGE, 10)).containsExactly(PARTNER);
  }

  @Test
  @Tag("R6.1")
  void whyASubscriptionIsRefusedIsSaid() {
    Subscriptions.Answer bad = subscribe(Subscribe.newBuilder());
    assertThat(bad.code()).isEqualTo(SubscribeCode.SUBSCRIBE_CODE_BAD_FILTER);
    Subscriptions.Answer low =
        subscriptions.subscribe(
            START, 10, PARTNER, Hash.ZERO, any().build(), RULES.partnerScoreMin() - 1);
    assertThat(low.code()).isEqualTo(SubscribeCode.SUBSCRIBE_CODE_LOW_SCORE);
    assertThat(low.detail()).contains("" + RULES.partnerScoreMin());
    assertThat(subscriptions.size()).isZero();
  }

  @Test
  @Tag("R6.1")
  void thereIsRoomForSoManyAndNoMore() {
    for (int i = 0; i < Subscriptions.SUBSCRIPTIONS_MAX; i++) {
      NodeId partner = new NodeId(Hashes.sha256(Hashes.u32(i)).bytes());
      subscriptions.subscribe(START, 10, partner, Hash.ZERO, any().build(), SCORE);
    }
    assertThat(subscribe(any()).code()).isEqualTo(SubscribeCode.SUBSCRIBE_CODE_FULL);
    assertThat(subscriptions.size()).isEqualTo(Subscriptions.SUBSCRIPTIONS_MAX);
  }

  @Test
  @Tag("R6.2")
  void whoIsSilentIsDroppedAndAnySignOfLifeKeeps() {
    long drop = RULES.heartbeatDropMillis();
    subscribe(any());
    subscriptions.hear(START.plusMillis(1000), PARTNER);
    subscriptions.sweep(START.plusMillis(drop), 10);
    assertThat(subscriptions.contains(PARTNER)).isTrue();
    subscriptions.sweep(START.plusMillis(drop + 1000), 10);
    assertThat(subscriptions.contains(PARTNER)).isFalse();
  }

  @Test
  @Tag("R6.2")
  void aStateChangesOncePerPauseAndClass() {
    subscribe(any());
    long pause = RULES.capacityCooldownMillis();
    status(0, PartnerState.PARTNER_STATE_AT_CAPACITY, UtilityClass.UTILITY_CLASS_STORAGE);
    assertThat(subscriptions.fitting(STORAGE, 10)).isEmpty();
    assertThat(subscriptions.fitting(ACCESS, 10)).containsExactly(PARTNER);
    assertThat(subscriptions.full(10)).isEqualTo(1);

    status(pause - 1, PartnerState.PARTNER_STATE_ACTIVE, UtilityClass.UTILITY_CLASS_STORAGE);
    assertThat(subscriptions.fitting(STORAGE, 10)).isEmpty();

    status(pause, PartnerState.PARTNER_STATE_ACTIVE, UtilityClass.UTILITY_CLASS_STORAGE);
    assertThat(subscriptions.fitting(STORAGE, 10)).containsExactly(PARTNER);
  }

  @Test
  @Tag("R6.2")
  void aNewSubscribeDoesNotEndThePause() {
    subscribe(any());
    status(0, PartnerState.PARTNER_STATE_AT_CAPACITY);
    subscribe(any());
    assertThat(subscriptions.fitting(STORAGE, 10)).isEmpty();
  }

  @Test
  @Tag("R6.2")
  void signingOffEndsOffersAtOnce() {
    subscribe(any());
    status(0, PartnerState.PARTNER_STATE_AT_CAPACITY, UtilityClass.UTILITY_CLASS_STORAGE);
    status(1, PartnerState.PARTNER_STATE_SIGN_OFF, UtilityClass.UTILITY_CLASS_ACCESS);
    assertThat(subscriptions.fitting(ACCESS, 10)).isEmpty();
    status(2, PartnerState.PARTNER_STATE_SIGN_OFF);
    assertThat(subscriptions.contains(PARTNER)).isFalse();
  }

  @Test
  @Tag("R6.2")
  void aStatusOfAStrangerOrWithoutFormIsRefused() {
    assertThat(status(0, PartnerState.PARTNER_STATE_ACTIVE))
        .isInstanceOfSatisfying(
            Verdict.Reject.class,
            reject -> assertThat(reject.why()).isEqualTo(RejectCode.REJECT_CODE_WRONG_STATE));
    subscribe(any());
    assertThat(status(0, PartnerState.PARTNER_STATE_UNSPECIFIED).isAccept()).isFalse();
    assertThat(
            status(0, PartnerState.PARTNER_STATE_ACTIVE, UtilityClass.UTILITY_CLASS_UNSPECIFIED)
                .isAccept())
        .isFalse();
  }

  @Test
  void whoComesRenewsAndGoesIsToldOnce() {
    subscribe(any());
    assertThat(subscriptions.drainChanged()).containsExactly(PARTNER);
    assertThat(subscriptions.drainChanged()).isEmpty();
    assertThat(subscriptions.filter(PARTNER).orElseThrow().classes())
        .isEqualTo(Subscription.CLASSES);
    subscribe(any().setPriceFloor(5));
    assertThat(subscriptions.drainChanged()).containsExactly(PARTNER);
    subscriptions.sweep(START.plusMillis(RULES.heartbeatDropMillis()), 10);
    assertThat(subscriptions.drainChanged()).containsExactly(PARTNER);
    assertThat(subscriptions.filter(PARTNER)).isEmpty();
    subscribe(any());
    status(0, PartnerState.PARTNER_STATE_SIGN_OFF);
    assertThat(subscriptions.drainChanged()).containsExactly(PARTNER);
    assertThat(subscriptions.filter(PARTNER)).isEmpty();
  }

  private Subscriptions.Answer subscribe(Subscribe.Builder subscribe) {
    assertThat(Subscriptions.check(subscribe.build()).isAccept()).isTrue();
    return subscriptions.subscribe(START, 10, PARTNER, Hash.ZERO, subscribe.build(), SCORE);
  }

  private Verdict status(long after, PartnerState state, UtilityClass... classes) {
    PartnerStatus status =
        PartnerStatus.newBuilder().setState(state).addAllClasses(List.of(classes)).build();
    return subscriptions.status(START.plusMillis(after), PARTNER, status);
  }

  private static Subscribe.Builder any() {
    return Subscribe.newBuilder()
        .setFilter(
            Filter.newBuilder().addNodes(FilterNode.newBuilder().setOp(FilterOp.FILTER_OP_TRUE)));
  }

  private static Request job(UtilityClass utility) {
    return Request.newBuilder().setUtility(utility).setMaxPerPartner(100).build();
  }
}
