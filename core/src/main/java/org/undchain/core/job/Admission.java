package org.undchain.core.job;

import java.util.Optional;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Entry;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Decides which entries that arrive are stamped (R4.1–R4.3). Changes nothing but the store of
 * contents.
 */
final class Admission {
  private static final int PENDING_PER_ACCOUNT = 16;
  private static final int OWN_PLACES = 8;

  private final Chain chain;
  private final NodeId self;
  private final OpenSlots slots;
  private final Contents contents;
  private final Pending pending;
  private final OpenFiles.Judge judge;
  private final Pace pace;

  Admission(
      Chain chain,
      NodeId self,
      OpenSlots slots,
      Contents contents,
      Pending pending,
      OpenFiles.Judge judge,
      Pace pace) {
    this.chain = chain;
    this.self = self;
    this.slots = slots;
    this.contents = contents;
    this.pending = pending;
    this.judge = judge;
    this.pace = pace;
  }

  Verdict check(BlockTime now, OpenedEntry entry) {
    Optional<JobFile> file = slots.fileFor(now, entry);
    if (file.isEmpty()) {
      boolean isHalted = chain.calendar().slotAt(now) > slots.next() + 1;
      return Verdict.reject(
          isHalted ? RejectCode.REJECT_CODE_HALTED : RejectCode.REJECT_CODE_RETRY_LATER,
          "slot " + chain.calendar().slotAt(now) + " is not open here, open is " + slots.next());
    }
    boolean isOwn = entry.signer().equals(self);
    if (!isOwn && !lots(file.get()).isDrawn(entry.signer())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BUSY,
          "slot "
              + file.get().slot
              + " has as many entries as blocks keep up with, or takes those of other accounts");
    }
    Verdict eligible = judge.check(entry, file.get().slot);
    if (eligible instanceof Verdict.Later(long slot)) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_VALID_NOW,
          "valid from slot " + slot + ", now " + file.get().slot);
    }
    if (!eligible.isAccept()) {
      return eligible;
    }
    Optional<Hash> rival = pending.rivalOf(entry);
    if (rival.isPresent()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NONCE_USED, "entry " + rival.get() + " uses the same key");
    }
    if (!isOwn && pending.countOf(entry.signer()) >= PENDING_PER_ACCOUNT) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_TOO_MANY_PENDING,
          "16 entries of this account wait for their block");
    }
    return hasRoom(file.get(), entry)
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_QUOTA, "this validator's share of the file is full");
  }

  /** Whose requests the file takes now: everybody's while it has few. */
  Lots lots(JobFile file) {
    long taken = file.own.size();
    if (taken >= pace.limit()) {
      return Lots.none(file.slot);
    }
    return taken < Pace.LEAST ? new Lots(file.slot, Lots.ALL) : pace.lots(file.slot);
  }

  /** Whether this validator's share of the file has room (R4.3). */
  boolean hasRoom(JobFile file, OpenedEntry entry) {
    boolean isOwn =
        entry.signer().equals(self) && entry.body().getEntryCase() == Entry.EntryCase.BEAT;
    int reserved = isOwn ? 0 : OWN_PLACES;
    return file.own.firstHandCount() + reserved < chain.rules().quotaEntries()
        && file.own.firstHandBytes() + entry.bodyBytes() <= chain.rules().quotaBytes()
        && contents.put(entry);
  }
}
