package org.undchain.core.sync;

import java.util.Optional;
import org.undchain.core.message.Block;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.value.Hash;

/** Committed history as this node persisted it. It never changes, so reading it is a function. */
public interface Archive {
  /** History of a chain without a block. */
  Archive EMPTY =
      new Archive() {
        @Override
        public Optional<Block> block(long height) {
          return Optional.empty();
        }

        @Override
        public Optional<PayoutRecord> payout(long period) {
          return Optional.empty();
        }

        @Override
        public Optional<ProofFile> proof(Hash entryId) {
          return Optional.empty();
        }
      };

  Optional<Block> block(long height);

  Optional<PayoutRecord> payout(long period);

  /** The proof kept when the entry committed; head and sets are not in it yet. */
  Optional<ProofFile> proof(Hash entryId);
}
