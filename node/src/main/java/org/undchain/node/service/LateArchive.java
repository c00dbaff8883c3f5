package org.undchain.node.service;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.undchain.core.message.Block;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.sync.Archive;
import org.undchain.core.value.Hash;

/** The history of a node that is only about to start: empty until it has. */
final class LateArchive implements Archive {
  private final AtomicReference<Archive> behind = new AtomicReference<>(Archive.EMPTY);

  void open(Archive archive) {
    behind.set(archive);
  }

  @Override
  public Optional<Block> block(long height) {
    return behind.get().block(height);
  }

  @Override
  public Optional<PayoutRecord> payout(long period) {
    return behind.get().payout(period);
  }

  @Override
  public Optional<ProofFile> proof(Hash entryId) {
    return behind.get().proof(entryId);
  }
}
