package org.undchain.core.crypto;

import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/** Holds one private key. Ed25519 is deterministic, so signing is a function of the message. */
public interface Signer {
  NodeId id();

  /** 64 bytes. */
  Bytes sign(Bytes message);
}
