package org.undchain.core.message;

import java.util.ArrayList;
import java.util.List;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * An envelope that passed {@link Envelopes#open}: size, form, chain and signature are good.
 *
 * @param id hash of the signed bytes (R0.2)
 * @param isSigned false for the messages that prove themselves and came without a signature
 * @param entries what a SUBMIT, a LANE_BATCH, a RECON with DATA or INSIST brings for the open job
 *     files, opened too, in its order
 */
public record Opened(
    Envelope envelope,
    Hash id,
    NodeId signer,
    boolean isSigned,
    WireMessage body,
    List<Opening<OpenedEntry>> entries) {
  public Opened {
    entries = List.copyOf(entries);
  }

  /**
   * Whether the peer on whose connection it came says it itself: because it signed it or, for an
   * answer that is of no use to anybody else, because the connection is its own (decision 0019).
   */
  public boolean isWordOf(NodeId peer) {
    return signer.equals(peer) && (isSigned || Envelopes.isVouchedByConnection(envelope.getType()));
  }

  /** The entries that are good, in their order. */
  public List<OpenedEntry> goodEntries() {
    List<OpenedEntry> good = new ArrayList<>(entries.size());
    entries.forEach(entry -> entry.good().ifPresent(good::add));
    return good;
  }
}
