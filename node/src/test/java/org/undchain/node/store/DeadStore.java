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

/** A store whose process dies before anything of a commit is on the disk. */
record DeadStore(NodeStore alive) implements NodeStore {
  @Override
  public void commit(List<LogRecord> records, long guardSequence, BlockTime now)
      throws StoreException {
    throw new StoreException(StoreException.Why.INPUT_OUTPUT, "dead");
  }

  @Override
  public Recovered recover() throws StoreException {
    return alive.recover();
  }

  @Override
  public List<LogRecord> everything() throws StoreException {
    return alive.everything();
  }

  @Override
  public void snapshot(Bytes snapshot) throws StoreException {
    alive.snapshot(snapshot);
  }

  @Override
  public Optional<Block> block(long height) throws StoreException {
    return alive.block(height);
  }

  @Override
  public List<Block> blocks(long from, int max) throws StoreException {
    return alive.blocks(from, max);
  }

  @Override
  public Optional<PayoutRecord> payout(long period) throws StoreException {
    return alive.payout(period);
  }

  @Override
  public Optional<ProofFile> proof(Hash key) throws StoreException {
    return alive.proof(key);
  }

  @Override
  public long guardSequence() {
    return alive.guardSequence();
  }

  @Override
  public long guardSequenceBefore() {
    return alive.guardSequenceBefore();
  }

  @Override
  public Optional<BlockTime> lastSeen() {
    return alive.lastSeen();
  }

  @Override
  public void close() {
    alive.close();
  }
}
