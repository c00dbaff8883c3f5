package org.undchain.core.sync;

import java.util.Optional;
import org.undchain.core.message.Block;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.value.Hash;

/** Committed history as this node persisted it. It never changes, so reading it is a function. */
public interface Archive {
  Optional<Block> block(long height);

  Optional<PayoutRecord> payout(long period);

  /** The proof kept when the entry committed; head and sets are not in it yet. */
  Optional<ProofFile> proof(Hash entryId);
}
