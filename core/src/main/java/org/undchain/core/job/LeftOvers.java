package org.undchain.core.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.Verdict;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Submit;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Entries that a closed file promised but its block lacks: they roll over (R4.34). */
final class LeftOvers {
  private final Chain chain;
  private final NodeId self;
  private final OpenSlots slots;
  private final Contents contents;
  private final Pending pending;
  private final Admission admission;
  private final OwnLanes lanes;
  private final Acks acks;
  private final OpenFiles.Judge judge;

  /** By id, whether this validator vouched for it first-hand. */
  private final LinkedHashMap<Hash, Boolean> left = new LinkedHashMap<>();

  LeftOvers(
      Chain chain,
      NodeId self,
      OpenSlots slots,
      Contents contents,
      Pending pending,
      Admission admission,
      OwnLanes lanes,
      Acks acks,
      OpenFiles.Judge judge) {
    this.chain = chain;
    this.self = self;
    this.slots = slots;
    this.contents = contents;
    this.pending = pending;
    this.admission = admission;
    this.lanes = lanes;
    this.acks = acks;
    this.judge = judge;
  }

  boolean contains(Hash id) {
    return left.containsKey(id);
  }

  Load load() {
    return new Load("left-overs", left.size(), OpenFiles.IDS_MAX);
  }

  void forget(Hash id) {
    left.remove(id);
  }

  /**
   * Keeps what the closed files still owe.
   *
   * @param committed what the newest block has, which is nearly all of them
   */
  void takeClosed(Set<Hash> committed) {
    for (Optional<JobFile> closed = slots.pollClosed();
        closed.isPresent();
        closed = slots.pollClosed()) {
      take(closed.get(), committed);
    }
  }

  private void take(JobFile closed, Set<Hash> committed) {
    for (Hash id : closed.own.ids()) {
      if (committed.contains(id)) {
        continue;
      }
      boolean isLeft = contents.get(id).filter(this::isUncommitted).isPresent();
      if (isLeft) {
        left.put(id, closed.own.isFirstHand(id));
      } else {
        giveUp(id);
      }
    }
  }

  /** Nobody waits for it here any more: another entry used its nonce, its window is over. */
  private void giveUp(Hash id) {
    left.remove(id);
    acks.forget(id);
    contents.get(id).ifPresent(pending::release);
  }

  private boolean isUncommitted(OpenedEntry entry) {
    return !(judge.check(entry, slots.next()) instanceof Verdict.Reject);
  }

  void restamp(BlockTime now, List<Effect> out) {
    for (Map.Entry<Hash, Boolean> one : new LinkedHashMap<>(left).entrySet()) {
      Hash id = one.getKey();
      Optional<OpenedEntry> entry = contents.get(id);
      Optional<JobFile> target = entry.flatMap(known -> slots.fileFor(now, known));
      if (entry.isEmpty() || !isUncommitted(entry.get())) {
        giveUp(id);
      } else if (slots.isInOwnLane(id)) {
        left.remove(id);
      } else if (target.isPresent()) {
        restamp(now, target.get(), entry.get(), one.getValue(), out);
      } else {
        handOver(now, entry.get(), out);
      }
    }
  }

  private void restamp(
      BlockTime now, JobFile file, OpenedEntry entry, boolean wasFirstHand, List<Effect> out) {
    boolean isOthers = !wasFirstHand && file.isInAnyLane(entry.id());
    if (isOthers || !judge.check(entry, file.slot).isAccept() || !admission.hasRoom(file, entry)) {
      return;
    }
    if (!wasFirstHand) {
      left.put(entry.id(), true); // one slot later this validator vouches for it itself
      if (file.slot == slots.next()) {
        return;
      }
    }
    left.remove(entry.id());
    lanes.stamp(now, file, entry, true, out);
  }

  /** Who is not in the set of the target slot passes its left-overs on (R4.34). */
  private void handOver(BlockTime now, OpenedEntry entry, List<Effect> out) {
    long slot = chain.calendar().slotAt(now);
    Optional<ValidatorSet> set = slots.setOf(slot).filter(found -> !found.contains(self));
    set.ifPresent(found -> {
      giveUp(entry.id());
      Submit submit = Submit.newBuilder().setEntry(entry.envelope()).build();
      found.ids().stream()
          .limit(found.faulty() + 1)
          .forEach(id -> out.add(new Effect.Send(id, slots.plain(slot, submit))));
    });
  }
}
