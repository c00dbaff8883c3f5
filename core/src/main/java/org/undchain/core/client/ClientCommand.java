package org.undchain.core.client;

import org.undchain.core.machine.Command;
import org.undchain.core.message.Envelope;

/** What the user of a client asks of its agent. */
public sealed interface ClientCommand extends Command {
  /**
   * Brings an entry into a block.
   *
   * @param wantOffers for a REQUEST: the offers of partners come on the same connections
   */
  record SubmitEntry(Envelope entry, boolean wantOffers) implements ClientCommand {}
}
