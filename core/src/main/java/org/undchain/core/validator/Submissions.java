package org.undchain.core.validator;

import java.util.List;
import java.util.Optional;
import org.undchain.core.job.OpenFiles;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Verdict;
import org.undchain.core.matching.Matcher;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Opening;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.message.Submit;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** Takes entries that parties hand in: a result if there is one, else a stamp or a refusal. */
final class Submissions {
  private final Chain chain;
  private final NodeId self;
  private final ChainHead head;
  private final OpenFiles files;
  private final Matcher matcher;
  private final Mail mail;

  Submissions(
      Chain chain, NodeId self, ChainHead head, OpenFiles files, Matcher matcher, Mail mail) {
    this.chain = chain;
    this.self = self;
    this.head = head;
    this.files = files;
    this.matcher = matcher;
    this.mail = mail;
  }

  /**
   * @param isInSync whether this validator has every block that it knows of
   */
  void onSubmit(BlockTime now, NodeId peer, Opened message, boolean isInSync, List<Effect> out) {
    Submit submit = message.body().getSubmit();
    switch (message.entries().getFirst()) {
      case Opening.Refused<OpenedEntry>(RejectCode code, String detail) ->
          mail.reject(
              peer, Envelopes.idOrZero(chain.context(), submit.getEntry()), code, detail, out);
      case Opening.Good<OpenedEntry>(OpenedEntry entry) ->
          submit(now, peer, entry, submit, isInSync, out);
    }
  }

  private void submit(
      BlockTime now,
      NodeId peer,
      OpenedEntry entry,
      Submit submit,
      boolean isInSync,
      List<Effect> out) {
    Optional<SeenLeaf> seen = head.state().seen(entry.id());
    if (seen.isPresent()) {
      mail.sendStatus(peer, entry.id(), seen.get(), out);
      if (submit.getWantOffers() && head.set().contains(self)) {
        matcher.onWanted(now, peer, entry, out);
      }
      return;
    }
    if (!head.set().contains(self)) {
      mail.reject(
          peer,
          entry.id(),
          RejectCode.REJECT_CODE_NOT_ACTIVE,
          "this validator is passive in this period",
          out);
      return;
    }
    if (!isInSync) {
      mail.reject(
          peer,
          entry.id(),
          RejectCode.REJECT_CODE_NOT_SYNCED,
          "this validator is catching up",
          out);
      return;
    }
    if (files.submit(now, peer, entry, submit.getOwnStampOnly(), out)
        instanceof Verdict.Reject(RejectCode why, String detail)) {
      mail.rejectForNow(peer, entry.id(), why, detail, againMillis(now, why), out);
    } else if (submit.getWantOffers()) {
      matcher.onWanted(now, peer, entry, out);
    }
  }

  /** What is full now has room again in the next file: after the next cut-off. */
  private long againMillis(BlockTime now, RejectCode why) {
    return switch (why) {
      case REJECT_CODE_BUSY,
          REJECT_CODE_QUOTA,
          REJECT_CODE_TOO_MANY_PENDING,
          REJECT_CODE_RETRY_LATER,
          REJECT_CODE_HALTED -> {
        long slot = Math.max(0, chain.calendar().slotAt(now));
        yield Math.max(1, chain.calendar().cutoffOf(slot).minus(now));
      }
      default -> 0;
    };
  }
}
