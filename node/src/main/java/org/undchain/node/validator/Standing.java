package org.undchain.node.validator;

import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.ledger.Chain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Role;
import org.undchain.core.message.SetCert;
import org.undchain.core.sync.Archive;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.Hash;

/** Where a validator's chain stands, as its connections need it. A value. */
record Standing(long height, long slot, Hash headerHash, SetCert set) {
  /**
   * @param archive where the newest block is looked up
   */
  static Standing of(Chain chain, Archive archive, ValidatorNotice.Began began) {
    Hash headerHash =
        archive
            .block(began.height())
            .map(block -> Hashes.sha256(Canonical.encode(block.getHead().getHeader())))
            .orElse(chain.context().chainId());
    return new Standing(began.height(), began.slot(), headerHash, began.set());
  }

  static Standing of(ValidatorNotice.BlockCommitted committed) {
    return new Standing(
        committed.block().header().getHeight(),
        committed.block().header().getSlot(),
        committed.block().headerHash(),
        committed.set());
  }

  long period() {
    return set.getPeriod();
  }

  List<ValidatorSet> sets() {
    return ValidatorSet.of(set).map(List::of).orElse(List.of());
  }

  /**
   * @param isSynchronised the node's clock is that of the others
   */
  Greeting greeting(Chain chain, Signer identity, boolean isSynchronised) {
    return new Greeting(
        chain.context(),
        identity,
        Role.ROLE_VALIDATOR,
        chain.rules().devnet(),
        Optional.of(new Greeting.Standing(chain.rules().rulesHash(), period(), isSynchronised)),
        Optional.of(new Greeting.Tip(height, Math.max(0, slot), headerHash)),
        Optional.of(set));
  }
}
