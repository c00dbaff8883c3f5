package org.undchain.core.matching;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.PartnerState;
import org.undchain.core.message.PartnerStatus;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Request;
import org.undchain.core.message.Subscribe;
import org.undchain.core.message.SubscribeCode;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The partners that are ready to provide utility (R6.1, R6.2), one subscription each. Who is silent
 * for too long, signs off or lets its subscription run out is forgotten.
 */
final class Subscriptions {
  /** Most partners of one validator. */
  static final int SUBSCRIPTIONS_MAX = 4096;

  /** Longest subscription, as that of a static partner (R6.6). */
  static final int TTL_PERIODS_MAX = 42;

  private final RunRules rules;
  private final Map<NodeId, Subscription> byPartner = new TreeMap<>();
  private TreeSet<NodeId> changed = new TreeSet<>();

  /** What a Subscribe led to. */
  record Answer(SubscribeCode code, String detail, long expiresSlot) {
    static Answer refused(SubscribeCode code, String detail) {
      return new Answer(code, detail, 0);
    }
  }

  Subscriptions(RunRules rules) {
    this.rules = rules;
  }

  /** Whether the fields that no SubscribeCode speaks of are well-formed. */
  static Verdict check(Subscribe subscribe) {
    if (!Grains.isAmount(subscribe.getPriceFloor())) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_AMOUNT, "priceFloor is no amount");
    }
    return subscribe.getCapacity() >= 0
        ? Verdict.ACCEPT
        : Verdict.reject(RejectCode.REJECT_CODE_BAD_FIELD, "capacity is below 2^63");
  }

  /**
   * Takes or renews a subscription whose signature, contact and {@link #check} are good.
   *
   * @param score of the partner, in centi-points
   */
  Answer subscribe(
      BlockTime now, long slot, NodeId partner, Hash subId, Subscribe subscribe, long score) {
    Optional<JobFilter> filter = JobFilter.of(subscribe.getFilter());
    if (filter.isEmpty()) {
      return Answer.refused(
          SubscribeCode.SUBSCRIBE_CODE_BAD_FILTER,
          "a filter is 1 to " + JobFilter.NODES_MAX + " nodes in prefix order");
    }
    if (score < rules.partnerScoreMin()) {
      return Answer.refused(
          SubscribeCode.SUBSCRIBE_CODE_LOW_SCORE,
          "the score is " + score + ", partners need " + rules.partnerScoreMin());
    }
    Subscription known = byPartner.get(partner);
    if (known == null && byPartner.size() >= SUBSCRIPTIONS_MAX) {
      return Answer.refused(
          SubscribeCode.SUBSCRIBE_CODE_FULL, "this validator has all the partners it can take");
    }
    long longest = TTL_PERIODS_MAX * rules.periodSlots();
    long asked = subscribe.getTtlSlots();
    long expires = slot + (asked <= 0 ? longest : Math.min(asked, longest)); // 0: as long as it can
    Subscription.Terms terms =
        new Subscription.Terms(
            subId, filter.get(), subscribe.getCapacity(), subscribe.getPriceFloor(), expires);
    if (known == null) {
      byPartner.put(partner, new Subscription(terms, now));
    } else {
      known.renew(terms);
      known.hear(now);
    }
    changed.add(partner);
    return new Answer(SubscribeCode.SUBSCRIBE_CODE_OK, "", expires);
  }

  /** R6.2. */
  Verdict status(BlockTime now, NodeId partner, PartnerStatus status) {
    boolean hasForm =
        status.getState() != PartnerState.PARTNER_STATE_UNSPECIFIED
            && status.getState() != PartnerState.UNRECOGNIZED
            && status.getUntilSlot() >= 0
            && status.getClassesCount() <= Subscription.CLASSES.size()
            && Subscription.CLASSES.containsAll(status.getClassesList());
    if (!hasForm) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_FIELD, "state, classes or until");
    }
    Subscription subscription = byPartner.get(partner);
    if (subscription == null) {
      return Verdict.reject(RejectCode.REJECT_CODE_WRONG_STATE, "subscribe first");
    }
    if (status.getState() == PartnerState.PARTNER_STATE_SIGN_OFF && status.getClassesCount() == 0) {
      byPartner.remove(partner);
      changed.add(partner);
    } else {
      subscription.hear(now);
      subscription.apply(now, status, rules.capacityCooldownMillis());
    }
    return Verdict.ACCEPT;
  }

  /** Any signed message of a partner is a sign of life (R6.2). */
  void hear(BlockTime now, NodeId partner) {
    Subscription subscription = byPartner.get(partner);
    if (subscription != null) {
      subscription.hear(now);
    }
  }

  boolean contains(NodeId partner) {
    return byPartner.containsKey(partner);
  }

  /** Whether the partner may be asked for, and bid on, this class now. */
  boolean isReady(NodeId partner, Request request, long slot) {
    Subscription subscription = byPartner.get(partner);
    return subscription != null && subscription.fits(request, slot);
  }

  /** Partners whose filter, floor and state fit the job, ascending. */
  List<NodeId> fitting(Request request, long slot) {
    return byPartner.entrySet().stream()
        .filter(entry -> entry.getValue().fits(request, slot))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Forgets who was silent for too long or ran out. */
  void sweep(BlockTime now, long slot) {
    List<NodeId> over =
        byPartner.entrySet().stream()
            .filter(entry -> isOver(now, slot, entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    over.forEach(byPartner::remove);
    changed.addAll(over);
  }

  private boolean isOver(BlockTime now, long slot, Subscription subscription) {
    return now.minus(subscription.lastHeard()) >= rules.heartbeatDropMillis()
        || slot > subscription.terms().expiresSlot();
  }

  /** Partners that came, went or renewed since this was last asked. */
  Set<NodeId> drainChanged() {
    Set<NodeId> drained = changed;
    changed = new TreeSet<>();
    return drained;
  }

  /** The filter of a partner that is subscribed. */
  Optional<JobFilter> filter(NodeId partner) {
    return Optional.ofNullable(byPartner.get(partner)).map(known -> known.terms().filter());
  }

  Load load() {
    return new Load("subscriptions", byPartner.size(), SUBSCRIPTIONS_MAX);
  }

  int size() {
    return byPartner.size();
  }

  /** Partners that take no more of some class. */
  int full(long slot) {
    return (int) byPartner.values().stream().filter(one -> one.isFull(slot)).count();
  }
}
