package org.undchain.core.validator;

import java.util.List;
import java.util.Optional;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Load;
import org.undchain.core.message.Block;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.ReconSummary;
import org.undchain.core.sync.BlockCheck;
import org.undchain.core.sync.CatchUp;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** Whether this validator is where the others are, and how it gets there (section 4.9). */
final class Following {
  private final Chain chain;
  private final ChainHead head;
  private final Mail mail;
  private final CatchUp catchUp = new CatchUp();
  private boolean wasBehind;
  private boolean hasHeardQuorum;

  Following(Chain chain, ChainHead head, Mail mail) {
    this.chain = chain;
    this.head = head;
    this.mail = mail;
  }

  Load load() {
    return catchUp.load();
  }

  /** Whether no honest validator is known to be two blocks ahead: else no stamps and no votes. */
  boolean isInSync() {
    return !catchUp.isBehind(head.set(), head.height());
  }

  /**
   * Whether a quorum, this one included, said since the start how far it is. Who starts cannot know
   * whether its log is all that it signed, as after the restore of a backup, so before it neither
   * votes nor beats (decision 0029); with fewer nothing would be decided anyway.
   */
  boolean hasHeardQuorum() {
    if (!hasHeardQuorum) {
      hasHeardQuorum = catchUp.hasHeardQuorum(head.set());
    }
    return hasHeardQuorum;
  }

  void onTip(NodeId peer, ReconSummary summary, List<Effect> out) {
    if (catchUp.onTip(peer, summary)) {
      out.add(new Effect.Deliver(new ValidatorNotice.PeerTip(peer, summary.getTipHeight())));
    }
  }

  void onPeerDown(NodeId peer) {
    catchUp.onPeerDown(peer);
  }

  /** Asks for the next blocks if somebody has them, and says when that begins and ends. */
  void ask(BlockTime now, List<Effect> out) {
    catchUp
        .next(now, head.height())
        .ifPresent(ask -> out.add(new Effect.Send(ask.whom(), mail.plain(ask.get()))));
    boolean isBehind = !isInSync();
    if (isBehind != wasBehind) {
      wasBehind = isBehind;
      out.add(new Effect.Deliver(new ValidatorNotice.Synced(!isBehind, head.height())));
    }
  }

  void onAnswer(NodeId peer) {
    catchUp.onAnswer(peer);
  }

  /**
   * The entries of the block that follows, if a quorum decided it. Empty if it is not that block:
   * its sender is asked for no more.
   *
   * @throws IllegalStateException if a quorum decided what this validator computes otherwise
   */
  Optional<List<OpenedEntry>> entriesOfNext(NodeId peer, Block block) {
    Header header = block.getHead().getHeader();
    Optional<List<OpenedEntry>> entries =
        header.getHeight() == head.height() + 1
            ? BlockCheck.open(chain, head.set(), block).good()
            : Optional.empty();
    if (entries.isEmpty()) {
      catchUp.distrust(peer);
    } else if (!header.equals(head.expected(header, entries.get()))) {
      throw new IllegalStateException(
          "a quorum decided a block that this validator computes otherwise: height "
              + header.getHeight());
    }
    return entries;
  }
}
