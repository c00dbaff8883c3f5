package org.undchain.core.message;

import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * An envelope that passed {@link Envelopes#open}: size, form, chain and signature are good.
 *
 * @param id hash of the signed bytes (R0.2)
 * @param isSigned false for the messages that prove themselves and came without a signature
 */
public record Opened(
    Envelope envelope, Hash id, NodeId signer, boolean isSigned, WireMessage body) {}
