package org.undchain.core.handshake;

import org.undchain.core.message.Envelope;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.BlockTime;

/** All that a {@link Handshake} wants from its connection, in the order in which it must happen. */
public sealed interface HandshakeStep {
  record Send(Envelope message) implements HandshakeStep {}

  /** Calls {@link Handshake#onTimer} then, unless the handshake is over before. */
  record SetTimer(BlockTime at) implements HandshakeStep {}

  record CancelTimer() implements HandshakeStep {}

  /** Both sides are proven; messages may flow. */
  record Ready(KnownPeer peer) implements HandshakeStep {}

  /**
   * The connection ends.
   *
   * @param isByPeer whether the other side refused us, not we it
   */
  record Closed(RejectCode why, String detail, boolean isByPeer) implements HandshakeStep {}
}
