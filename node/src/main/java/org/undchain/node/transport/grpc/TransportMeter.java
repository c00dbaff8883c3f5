package org.undchain.node.transport.grpc;

import org.undchain.core.message.RejectCode;

/** What a transport counts. Called by any thread. */
public interface TransportMeter {
  /** We refused something of a peer. */
  void rejected(RejectCode why);

  /** A peer did not read what we had for it, and its connection was dropped. */
  void droppedSlow();

  void peers(int count);
}
