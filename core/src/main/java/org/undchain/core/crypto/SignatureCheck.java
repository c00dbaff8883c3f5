package org.undchain.core.crypto;

import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * The one signature rule of the project (R0.4) as a pure function, so it may be remembered: a node
 * checks signatures in parallel before its machines and the machines' own checks then meet the
 * remembered answer.
 */
public interface SignatureCheck {
  boolean verify(NodeId key, Bytes message, Bytes signature);
}
