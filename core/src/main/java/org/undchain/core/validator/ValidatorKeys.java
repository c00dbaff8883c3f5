package org.undchain.core.validator;

import java.util.Optional;
import org.undchain.core.crypto.Signer;
import org.undchain.core.membership.BeatChain;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The secrets of one validator, kept at the edge. What it signs and reveals with is found by what
 * the set names, not by the period: who announced nothing in a period goes on with what it has
 * (R10.9).
 */
public interface ValidatorKeys {
  /** Signs everything but votes, proposals and lanes. */
  Signer identity();

  /** The signer of a consensus key of this validator, unless it was deleted. */
  Optional<Signer> consensus(NodeId consensusKey);

  /** The hash chain with this tip, unless it was deleted. */
  Optional<BeatChain> beats(Hash tip);

  /** The consensus key to announce for a period: this one and the next are known. */
  NodeId consensusKeyOf(long period);

  /** The hash chain to announce for a period: this one and the next are known. */
  BeatChain beatChainOf(long period);
}
