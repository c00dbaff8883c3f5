package org.undchain.node.store;

import java.util.List;
import java.util.Optional;
import org.undchain.core.message.Block;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * The durable memory of one node. One thread writes; any number reads. After a {@link
 * StoreException} of {@link #commit} nothing is known about what reached the disk: the owner stops,
 * and after the restart trusts only what is read back.
 */
public interface NodeStore extends AutoCloseable {

  /** Longest list of blocks given at once. */
  int BLOCKS_MAX = 256;

  /**
   * Appends records as one group: all of them are durable when this returns (R0.5, R4.40). Blocks,
   * payout files and results can be found by their own keys at once. Of the checkpoints the newest
   * two are kept.
   *
   * @param guardSequence newest record of the signing guard; what the guard must still know when
   *     the node starts again
   * @param now kept as the newest block time this node has seen
   */
  void commit(List<LogRecord> records, long guardSequence, BlockTime now) throws StoreException;

  /**
   * What a machine starts from: the records since the checkpoint before the newest one. Results are
   * not among them, no machine starts from these.
   */
  Recovered recover() throws StoreException;

  /** Every record that was not replaced by a snapshot, but for checkpoints and results. */
  List<LogRecord> everything() throws StoreException;

  /**
   * Replaces all records so far as the start of {@link #recover}. Blocks, payout files and results
   * stay.
   */
  void snapshot(Bytes snapshot) throws StoreException;

  Optional<Block> block(long height) throws StoreException;

  /** Blocks from a height on, ascending without a gap, at most {@link #BLOCKS_MAX}. */
  List<Block> blocks(long from, int max) throws StoreException;

  Optional<PayoutRecord> payout(long period) throws StoreException;

  /** The proof of an entry's result, of the page that was kept of it. */
  Optional<ProofFile> proof(Hash key) throws StoreException;

  /** Newest record of the signing guard that a commit named; 0 if none did. */
  long guardSequence();

  /** Newest record of the signing guard that the commit before the last one named. */
  long guardSequenceBefore();

  /** The newest block time of a commit; empty in a new store. */
  Optional<BlockTime> lastSeen();

  @Override
  void close();
}
