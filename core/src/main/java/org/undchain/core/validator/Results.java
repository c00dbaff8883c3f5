package org.undchain.core.validator;

import java.util.List;
import java.util.Optional;
import org.undchain.core.ledger.Parties;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Entry;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.ResultPage;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.payout.ResultPages;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Tells what became of the entries of a block: to their parties, and as proofs to the disk. */
final class Results {
  private final ChainHead head;
  private final ConnectedPeers peers;
  private final Mail mail;
  private Optional<Hash> kept = Optional.empty();

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
   * that block nor the vote on the next one is to wait for them.
   */
  void keepProofs(List<Effect> out) {
    if (kept.equals(Optional.of(head.headerHash()))) {
      return;
    }
    kept = Optional.of(head.headerHash());
    head.state().root(); // the tree remembers it
    Optional<CommittedBlock> newest = head.periodBlocks().newest();
    if (newest.isEmpty()) {
      return; // behind a PAYOUT, whose entries are in blocks before it
    }
    head.periodBlocks().fold();
    List<Hash> ids =
        newest.get().entries().stream()
            .filter(entry -> entry.body().getEntryCase() != Entry.EntryCase.BEAT)
            .map(OpenedEntry::id)
            .toList();
    for (ResultPage page : ResultPages.of(head.state(), ids, head.height() + 1)) {
      out.add(new Effect.Persist(LogRecord.newBuilder().setResults(page).build()));
    }
  }
}
