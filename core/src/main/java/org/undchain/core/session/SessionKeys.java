package org.undchain.core.session;

import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;

/**
 * Makes the key of a session from its secret seed. The seed lives in the owner's own store, so
 * after a restart the same session signs with the same key.
 */
@FunctionalInterface
public interface SessionKeys {
  /**
   * @param seed 32 secret bytes
   */
  Signer signer(Bytes seed);
}
