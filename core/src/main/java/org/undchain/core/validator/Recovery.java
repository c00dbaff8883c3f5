package org.undchain.core.validator;

import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.Certificates;
import org.undchain.core.job.OpenFiles;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.DamagedRecords;
import org.undchain.core.message.Block;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LaneRecord;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.sync.BlockCheck;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

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
   * @throws DamagedRecords if they are not what this validator wrote (R4.41)
   */
  long replay(List<LogRecord> recovered) {
    Optional<Checkpoint> checkpoint = Checkpoint.newest(recovered);
    checkpoint.ifPresent(head::begin);
    checkpoint.ifPresent(kept -> files.close(kept.closedBelow()));
    long noVotesBelow = checkpoint.map(Checkpoint::noVotesBelow).orElse(0L);
    for (LogRecord record : recovered) {
      switch (record.getRecordCase()) {
        case BLOCK -> replayBlock(record.getBlock());
        case BEAT -> beats.made(beatOf(record.getBeat()));
        case LANE -> checkLane(record.getLane());
        case CLOSED -> {
          if (record.getClosed().getNoVotes()) {
            noVotesBelow = Math.max(noVotesBelow, record.getClosed().getNextSlot());
          }
        }
        case FREEZE,
            VOTE,
            PROPOSAL,
            PAYOUT,
            RESULTS,
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
    Header header = block.getHead().getHeader();
    long height = header.getHeight();
    if (height < head.height()) {
      return;
    }
    Hash hash = Certificates.valueOf(header);
    if (height == head.height()) {
      if (!hash.equals(head.headerHash())) {
        throw new DamagedRecords("the log holds two blocks " + height);
      }
      return;
    }
    if (height != head.height() + 1) {
      throw new DamagedRecords("the log goes on with block " + height + " behind " + head.height());
    }
    List<OpenedEntry> entries =
        BlockCheck.contents(chain, block)
            .good()
            .orElseThrow(() -> new DamagedRecords("block " + height + " holds a bad entry"));
    Cert qc = block.getHead().getQc();
    if (qc.getHeight() != height
        || !qc.getValue().equals(hash.toByteString())
        || !header.equals(head.expected(header, entries))) {
      throw new DamagedRecords("block " + height + " is not the one that was decided there");
    }
    head.apply(header, entries, qc);
    beats.committed(entries);
  }

  private long beatOf(Envelope envelope) {
    return Envelopes.openEntry(chain.context(), chain.signatures(), envelope)
        .good()
        .filter(entry -> entry.body().hasBeat())
        .orElseThrow(() -> new DamagedRecords("a BEAT in the log cannot be read"))
        .body()
        .getBeat()
        .getBeat();
  }

  private static void checkLane(LaneRecord record) {
    LaneBatch batch = record.getBatch();
    boolean isWhole =
        Canonical.decode(LaneHeader.parser(), Bytes.of(batch.getHeader().getBody())).isPresent()
            && batch.getLeavesList().stream().allMatch(leaf -> leaf.getId().size() == Hash.SIZE);
    if (!isWhole) {
      throw new DamagedRecords("a batch of the own lane cannot be read");
    }
  }
}
