package org.undchain.core.message;

import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * An entry whose envelope passed {@link Envelopes#openEntry}.
 *
 * @param id entry id, for a REQUEST also the job id (R0.2)
 * @param bodyBytes length of the body, which fees and quotas count (R0.3)
 */
public record OpenedEntry(Envelope envelope, Hash id, NodeId signer, Entry body, int bodyBytes) {}
