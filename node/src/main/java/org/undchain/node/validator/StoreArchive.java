package org.undchain.node.validator;

import java.io.UncheckedIOException;
import java.util.Optional;
import org.undchain.core.message.Block;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.sync.Archive;
import org.undchain.core.value.Hash;
import org.undchain.node.store.NodeStore;
import org.undchain.node.store.StoreException;

/** The history a validator serves, read from its store. A disk that fails stops the node. */
public record StoreArchive(NodeStore store) implements Archive {
  @Override
  public Optional<Block> block(long height) {
    try {
      return store.block(height);
    } catch (StoreException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public Optional<PayoutRecord> payout(long period) {
    try {
      return store.payout(period);
    } catch (StoreException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public Optional<ProofFile> proof(Hash entryId) {
    try {
      return store.proof(entryId);
    } catch (StoreException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
