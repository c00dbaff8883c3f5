package org.undchain.core.validator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.job.OpenFiles;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Block;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Opening;

/** Brings a validator back to where its own records end (R4.40). */
final class Recovery {
  private final Chain chain;
  private final ChainHead head;
  private final Beats beats;
  private final OpenFiles files;

  Recovery(Chain chain, ChainHead head, Beats beats, OpenFiles files) {
    this.chain = chain;
    this.head = head;
    this.beats = beats;
    this.files = files;
  }

  /**
   * Own records in order: the newest checkpoint and the blocks behind it rebuild the state, the
   * rest what was promised and signed since (R4.40).
   *
   * @param recovered all records, or those since the checkpoint before the newest one: no stamp,
   *     vote or BEAT that still counts is older
   * @return the first slot it may vote for
   */
  long replay(List<LogRecord> recovered) {
    Optional<Checkpoint> checkpoint = Checkpoint.newest(recovered);
    checkpoint.ifPresent(head::begin);
    checkpoint.ifPresent(kept -> files.close(kept.closedBelow()));
    long noVotesBelow = checkpoint.map(Checkpoint::noVotesBelow).orElse(0L);
    for (LogRecord record : recovered) {
      switch (record.getRecordCase()) {
        case BLOCK -> replayBlock(record.getBlock());
        case BEAT ->
            open(record.getBeat())
                .good()
                .ifPresent(entry -> beats.restored(entry.body().getBeat().getBeat()));
        case CLOSED -> {
          if (record.getClosed().getNoVotes()) {
            noVotesBelow = Math.max(noVotesBelow, record.getClosed().getNextSlot());
          }
        }
        case LANE,
            FREEZE,
            VOTE,
            PROPOSAL,
            PAYOUT,
            PROOF,
            SET_CERT,
            SESSION,
            CHECKPOINT,
            RECORD_NOT_SET -> {}
      }
    }
    files.restore(recovered, head.openSlot(), head::setOf);
    return noVotesBelow;
  }

  private void replayBlock(Block block) {
    long height = block.getHead().getHeader().getHeight();
    if (height <= head.height()) {
      return;
    }
    if (height != head.height() + 1) {
      throw new IllegalStateException(
          "the log goes on with block " + height + " behind " + head.height() + ": it is damaged");
    }
    List<OpenedEntry> entries = new ArrayList<>();
    for (Envelope envelope : block.getEntriesList()) {
      entries.add(
          open(envelope)
              .good()
              .orElseThrow(() ->
                  new IllegalStateException(
                      "a stored block holds a bad entry: the store is damaged")));
    }
    head.apply(block.getHead().getHeader(), entries, block.getHead().getQc());
  }

  private Opening<OpenedEntry> open(Envelope envelope) {
    return Envelopes.openEntry(chain.context(), chain.signatures(), envelope);
  }
}
