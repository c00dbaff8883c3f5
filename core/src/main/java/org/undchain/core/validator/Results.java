package org.undchain.core.validator;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.undchain.core.ledger.Parties;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Entry;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.ResultPage;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.payout.ResultPages;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Tells what became of the entries of a block: to their parties, and as proofs to the disk. */
final class Results {
  static final String TIMER = "proofs";

  /** Pages of one turn: a few milliseconds. */
  private static final int PAGES_AT_ONCE = 8;

  private final ChainHead head;
  private final ConnectedPeers peers;
  private final Mail mail;
  private Optional<Hash> begun = Optional.empty(); // the block whose proofs are made
  private Iterator<ResultPage> rest = Collections.emptyIterator();

  Results(ChainHead head, ConnectedPeers peers, Mail mail) {
    this.head = head;
    this.peers = peers;
    this.mail = mail;
  }

  /**
   * The result of every entry goes to the parties it names, as far as they are connected (R6.3).
   */
  void tellParties(ChainHead.Applied applied, List<OpenedEntry> entries, List<Effect> out) {
    for (OpenedEntry entry : entries) {
      if (entry.body().getEntryCase() == Entry.EntryCase.BEAT) {
        continue;
      }
      Optional<SeenLeaf> seen = head.state().seen(entry.id());
      for (NodeId party : Parties.of(applied.before(), entry)) {
        if (peers.contains(party)) {
          seen.ifPresent(leaf -> mail.sendStatus(party, entry.id(), leaf, out));
        }
      }
    }
  }

  /**
   * The next header proves the results of the newest block: the state root that it will name and
   * the paths are made while the state is at hand, once, and behind the commit; neither the news of
   * that block nor the vote on the next one is to wait for them, nor is a lane of another validator
   * that arrives meanwhile: so they are made in pieces, each in a turn of its own.
   */
  void keepSomeProofs(BlockTime now, List<Effect> out) {
    if (!isBegun()) {
      begin();
    } else {
      for (int i = 0; i < PAGES_AT_ONCE && rest.hasNext(); i++) {
        keep(rest.next(), out);
      }
    }
    if (rest.hasNext()) {
      out.add(new Effect.SetTimer(TimerId.of(TIMER), now));
    }
  }

  /** All that are missing: before a new block is executed. */
  void keepProofs(List<Effect> out) {
    if (!isBegun()) {
      begin();
    }
    rest.forEachRemaining(page -> keep(page, out));
  }

  private boolean isBegun() {
    return begun.equals(Optional.of(head.headerHash()));
  }

  private void begin() {
    begun = Optional.of(head.headerHash());
    head.state().root(); // the tree remembers it
    head.periodBlocks().fold();
    List<Hash> ids =
        head.periodBlocks().newest().stream() // none behind a PAYOUT: its entries are in old blocks
            .flatMap(newest -> newest.entries().stream())
            .filter(entry -> entry.body().getEntryCase() != Entry.EntryCase.BEAT)
            .map(OpenedEntry::id)
            .toList();
    rest = ResultPages.of(head.state(), ids, head.height() + 1);
  }

  private static void keep(ResultPage page, List<Effect> out) {
    out.add(new Effect.Persist(LogRecord.newBuilder().setResults(page).build()));
  }
}
