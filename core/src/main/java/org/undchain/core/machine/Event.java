package org.undchain.core.machine;

import org.undchain.core.message.Opened;
import org.undchain.core.message.Role;
import org.undchain.core.value.NodeId;

/** All that can happen to a machine. */
public sealed interface Event {
  /** First event after construction or restart; timers are set in answer to it. */
  record Started() implements Event {}

  /** A message whose envelope was opened, signatures checked, from a peer that said Hello. */
  record MessageIn(NodeId peer, Opened message) implements Event {}

  /** A timer set by {@link Effect.SetTimer} is due. */
  record TimerFired(TimerId id) implements Event {}

  /** A peer finished its Hello. */
  record PeerUp(NodeId peer, Role role) implements Event {}

  record PeerDown(NodeId peer) implements Event {}

  /** The node's own user or edge wants something. */
  record CommandIn(Command what) implements Event {}
}
