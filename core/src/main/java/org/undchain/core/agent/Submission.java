package org.undchain.core.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.job.LaneHeaders;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Windows;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Ack;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Stamp;
import org.undchain.core.message.Status;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** One entry between its first Submit and its result: the answers so far and what they prove. */
final class Submission {
  private static final int STAMPS_MAX = 10;

  /** So long a refusal may come from a validator that has not yet executed what the entry needs. */
  private static final long LAG_MILLIS = 10_000;

  final long number;
  final OpenedEntry entry;
  final boolean wantOffers;
  final boolean isToAll;
  private final BlockTime since;
  private final Set<NodeId> asked = new TreeSet<>();
  private final Map<NodeId, Ack> acks = new TreeMap<>();
  private final Map<Long, Set<NodeId>> stampers = new TreeMap<>();
  private final Map<NodeId, Status> results = new TreeMap<>();
  private final Map<NodeId, Reject> refusals = new TreeMap<>();
  private boolean isPromised;
  private BlockTime halted;

  Submission(long number, OpenedEntry entry, boolean wantOffers, boolean isToAll, BlockTime since) {
    this.number = number;
    this.entry = entry;
    this.wantOffers = wantOffers;
    this.isToAll = isToAll;
    this.since = since;
    this.halted = new BlockTime(0);
  }

  Hash id() {
    return entry.id();
  }

  long validTo() {
    return Windows.of(entry.body()).to();
  }

  /**
   * Whom to ask next, as many at a time as stamps make a promise (R2.2); whoever was asked comes
   * again when nobody else is left.
   */
  List<NodeId> next(Validators validators) {
    List<NodeId> active = validators.activeFor(id());
    int count = isToAll ? active.size() : validators.sets().newest().confirmStamps();
    List<NodeId> chosen = new ArrayList<>();
    active.stream().filter(id -> !asked.contains(id)).limit(count).forEach(chosen::add);
    if (chosen.size() < count) {
      asked.clear();
      active.stream()
          .filter(id -> !chosen.contains(id))
          .limit(count - (long) chosen.size())
          .toList()
          .forEach(chosen::add);
    }
    asked.addAll(chosen);
    return chosen;
  }

  boolean isWaitingForPeers(Validators validators) {
    return asked.size() <= validators.sets().newest().faulty();
  }

  Optional<Outcome> onAck(Chain chain, Validators validators, NodeId from, Ack ack) {
    acks.put(from, ack);
    count(chain, validators, ack);
    return promise(validators);
  }

  /** A new set is known: stamps of it can be judged now. */
  Optional<Outcome> onNewSet(Chain chain, Validators validators) {
    acks.values().forEach(ack -> count(chain, validators, ack));
    return promise(validators);
  }

  Optional<Outcome> onStatus(Validators validators, NodeId from, Status status) {
    results.put(from, status);
    Collection<NodeId> equal =
        results.entrySet().stream()
            .filter(other -> other.getValue().equals(status))
            .map(Map.Entry::getKey)
            .toList();
    return validators.sets().isResultProof(equal)
        ? Optional.of(
            new Outcome.Committed(
                id(),
                status.getHeight(),
                status.getSlot(),
                status.getResult(),
                Optional.ofNullable(stampers.get(status.getSlot()))
                    .map(List::copyOf)
                    .orElse(List.of())))
        : Optional.empty();
  }

  Optional<Outcome> onReject(BlockTime now, Validators validators, NodeId from, Reject reject) {
    if (reject.getCode() == RejectCode.REJECT_CODE_HALTED) {
      halted = now;
    }
    if (!isFinal(now, reject.getCode())) {
      return Optional.empty();
    }
    refusals.put(from, reject);
    return stampers.isEmpty() && validators.sets().isProof(refusals.keySet())
        ? Optional.of(new Outcome.Refused(id(), reject.getCode(), reject.getDetail()))
        : Optional.empty();
  }

  /**
   * After its last slot an entry may still be in a block that is not decided yet; a promised one is
   * asked for as long as its result is state (validTo + 16), and while the chain halts (R4.33).
   * Nothing expires before somebody was asked: after a restart its result may be known already.
   */
  boolean isExpired(Chain chain, Validators validators, BlockTime now) {
    boolean isHalted = now.minus(halted) < 4 * chain.rules().slotMillis();
    long grace = isPromised ? chain.rules().validitySlots() : 3;
    return !isWaitingForPeers(validators)
        && !isHalted
        && chain.calendar().slotAt(now) > validTo() + grace;
  }

  private void count(Chain chain, Validators validators, Ack ack) {
    for (Stamp stamp : ack.getStampsList().subList(0, Math.min(STAMPS_MAX, ack.getStampsCount()))) {
      setOf(validators, stamp)
          .flatMap(set -> LaneHeaders.openStamp(chain, set, stamp, id()))
          .ifPresent(good ->
              stampers
                  .computeIfAbsent(good.header().body().getSlot(), slot -> new TreeSet<>())
                  .add(good.lane()));
    }
  }

  /** The set a stamp belongs to; {@code openStamp} then holds the header against its slot. */
  private static Optional<ValidatorSet> setOf(Validators validators, Stamp stamp) {
    return validators.sets().ofPeriod(stamp.getHeader().getPayPeriod());
  }

  private Optional<Outcome> promise(Validators validators) {
    if (isPromised) {
      return Optional.empty();
    }
    for (Map.Entry<Long, Set<NodeId>> slot : stampers.entrySet()) {
      if (validators.sets().isPromise(slot.getValue())) {
        isPromised = true;
        return Optional.of(
            new Outcome.Promised(
                id(), slot.getKey(), heightAt(slot.getKey()), List.copyOf(slot.getValue())));
      }
    }
    return Optional.empty();
  }

  private long heightAt(long slot) {
    return acks.values().stream()
        .filter(ack -> ack.getSlot() == slot)
        .mapToLong(Ack::getHeight)
        .min()
        .orElse(0);
  }

  /** Whether a refusal is about the entry, not about the moment or the validator. */
  private boolean isFinal(BlockTime now, RejectCode code) {
    return switch (code) {
      case REJECT_CODE_BUSY,
          REJECT_CODE_NOT_ACTIVE,
          REJECT_CODE_NOT_SYNCED,
          REJECT_CODE_RETRY_LATER,
          REJECT_CODE_HALTED,
          REJECT_CODE_TOO_MANY_PENDING,
          REJECT_CODE_QUOTA,
          REJECT_CODE_NOT_VALID_NOW,
          REJECT_CODE_CLOCK,
          REJECT_CODE_HANDSHAKE,
          REJECT_CODE_UNSPECIFIED,
          UNRECOGNIZED ->
          false;
      case REJECT_CODE_UNKNOWN_JOB, REJECT_CODE_UNKNOWN_CONTRACT, REJECT_CODE_NO_ACCOUNT ->
          now.minus(since) > LAG_MILLIS;
      default -> true;
    };
  }
}
