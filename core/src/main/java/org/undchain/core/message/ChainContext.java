package org.undchain.core.message;

import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * The chain that signatures are bound to (R0.1). Genesis and its first rules file use {@link
 * #NONE}.
 */
public record ChainContext(Hash networkId, Hash chainId) {
  public static final ChainContext NONE = new ChainContext(Hash.ZERO, Hash.ZERO);

  /** First 8 bytes of the chain id, as in every envelope. */
  public Bytes tag() {
    return chainId.bytes().slice(0, 8);
  }
}
