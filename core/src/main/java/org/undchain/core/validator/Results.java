package org.undchain.core.validator;

import java.util.List;
import java.util.Optional;
import org.undchain.core.ledger.Parties;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Entry;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.payout.ProofFiles;
import org.undchain.core.value.NodeId;

/** Tells what became of the entries of a block: to their parties, and as proofs to the disk. */
final class Results {
  private final ChainHead head;
  private final ConnectedPeers peers;
  private final Mail mail;

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
   * The next header proves the results of this block: the paths are made now, while the state is at
   * hand.
   */
  void keepProofs(List<CommittedBlock> newest, List<Effect> out) {
    for (CommittedBlock block : newest) {
      for (OpenedEntry entry : block.entries()) {
        if (entry.body().getEntryCase() != Entry.EntryCase.BEAT) {
          ProofFile proof = ProofFiles.ofEntry(head.state(), entry.id(), head.height() + 1);
          out.add(new Effect.Persist(LogRecord.newBuilder().setProof(proof).build()));
        }
      }
    }
  }
}
