package org.undchain.core.machine;

import java.util.List;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** All that a machine can want from the world, in the order in which it must happen. */
public sealed interface Effect {
  /** To one peer; dropped if the peer is not connected. */
  record Send(NodeId to, Envelope message) implements Effect {}

  /** The same bytes to several peers; encoded once. */
  record Broadcast(List<NodeId> to, Envelope message) implements Effect {
    public Broadcast {
      to = List.copyOf(to);
    }
  }

  /** Replaces a timer of the same id. */
  record SetTimer(TimerId id, BlockTime at) implements Effect {}

  record CancelTimer(TimerId id) implements Effect {}

  /** Barrier: nothing behind it leaves before the record is durable (R0.5, I20). */
  record Persist(LogRecord what) implements Effect {}

  /** Something the node's user, API or metrics want to know. Never carries protocol duties. */
  record Deliver(Notice what) implements Effect {}

  /** Closes the connection to a peer that broke a rule no honest peer breaks. */
  record Disconnect(NodeId peer, String why) implements Effect {}
}
