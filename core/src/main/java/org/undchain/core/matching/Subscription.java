package org.undchain.core.matching;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.message.PartnerState;
import org.undchain.core.message.PartnerStatus;
import org.undchain.core.message.Request;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;

/** One partner's readiness to provide utility, as it told this validator (R6.1, R6.2). */
final class Subscription {
  /** Every class of utility; a status that names none speaks of all. */
  static final List<UtilityClass> CLASSES =
      List.of(
          UtilityClass.UTILITY_CLASS_STORAGE,
          UtilityClass.UTILITY_CLASS_COMPUTATION,
          UtilityClass.UTILITY_CLASS_ACCESS);

  /**
   * What a partner last said of one class.
   *
   * @param untilSlot last slot it holds for, 0 for no end
   */
  private record Standing(PartnerState state, long untilSlot, BlockTime changedAt) {
    boolean isActive(long slot) {
      return state == PartnerState.PARTNER_STATE_ACTIVE || isOver(slot);
    }

    boolean isFull(long slot) {
      return state == PartnerState.PARTNER_STATE_AT_CAPACITY && !isOver(slot);
    }

    private boolean isOver(long slot) {
      return untilSlot > 0 && slot > untilSlot;
    }
  }

  /** What the partner asked for; replaced as a whole by its next Subscribe. */
  record Terms(Hash subId, JobFilter filter, long capacity, long priceFloor, long expiresSlot) {}

  private final Map<UtilityClass, Standing> standings = new TreeMap<>();
  private Terms terms;
  private BlockTime lastHeard;

  Subscription(Terms terms, BlockTime now) {
    this.terms = terms;
    this.lastHeard = now;
  }

  Terms terms() {
    return terms;
  }

  BlockTime lastHeard() {
    return lastHeard;
  }

  /** New terms; what was said of each class stays, so nobody escapes the pause between changes. */
  void renew(Terms renewed) {
    terms = renewed;
  }

  void hear(BlockTime now) {
    lastHeard = now;
  }

  /** R6.2: changes at most once per pause and class, extra ones ignored; SIGN_OFF at once. */
  void apply(BlockTime now, PartnerStatus status, long pauseMillis) {
    for (UtilityClass utility : status.getClassesCount() == 0 ? CLASSES : status.getClassesList()) {
      Standing before = standings.get(utility);
      PartnerState was = before == null ? PartnerState.PARTNER_STATE_ACTIVE : before.state();
      PartnerState is = status.getState();
      boolean isSignOff = is == PartnerState.PARTNER_STATE_SIGN_OFF;
      if (is == was && before != null) {
        standings.put(utility, new Standing(is, status.getUntilSlot(), before.changedAt()));
      } else if (is != was
          && (before == null || isSignOff || now.minus(before.changedAt()) >= pauseMillis)) {
        standings.put(utility, new Standing(is, status.getUntilSlot(), now));
      }
    }
  }

  boolean isActive(UtilityClass utility, long slot) {
    Standing standing = standings.get(utility);
    return standing == null || standing.isActive(slot);
  }

  /** Whether the partner said of some class that it takes no more. */
  boolean isFull(long slot) {
    return standings.values().stream().anyMatch(standing -> standing.isFull(slot));
  }

  boolean fits(Request request, long slot) {
    return slot <= terms.expiresSlot()
        && isActive(request.getUtility(), slot)
        && request.getMaxPerPartner() >= terms.priceFloor()
        && terms.filter().fits(request);
  }
}
