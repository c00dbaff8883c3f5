package org.undchain.core.validator;

import java.util.Optional;
import org.undchain.core.crypto.Signer;
import org.undchain.core.membership.BeatChain;
import org.undchain.core.value.NodeId;

/** The secrets of one validator, kept at the edge. */
public interface ValidatorKeys {
  /** Signs everything but votes, proposals and lanes. */
  Signer identity();

  /** The signer of a consensus key of this validator, unless it was deleted. */
  Optional<Signer> consensus(NodeId consensusKey);

  /** The consensus key of a period: this one and the next are known. */
  NodeId consensusKeyOf(long period);

  /** The hash chain of a period: this one and the next are known. */
  BeatChain beatChainOf(long period);
}
