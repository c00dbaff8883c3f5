package org.undchain.sim;

import org.undchain.core.machine.Event;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/**
 * Sees what crosses the border of the machines: wire, disk, events and notices. Checkers are
 * observers, so that they never look into what they judge; they throw {@link Violation}.
 */
public interface Observer {
  /** An event on its way into a machine, with the time its own clock shows. */
  default void onEvent(NodeId node, BlockTime now, Event event) {}

  /** A message leaves its node, everything before it being durable. */
  default void onSent(NodeId from, NodeId to, Envelope message) {}

  /** A message leaves its node to one peer or several; once for all of them. */
  default void onSaid(NodeId from, Envelope message) {}

  /** A node closes a connection: only for what no honest peer sends. */
  default void onDisconnect(NodeId node, NodeId peer, String why) {}

  default void onDurable(NodeId node, LogRecord record) {}

  default void onNotice(NodeId node, BlockTime now, Notice notice) {}

  /** The door of a node refused a message of a peer. */
  default void onRefused(NodeId node, NodeId peer, RejectCode code, String detail) {}

  /**
   * @param hasLostDisk records that were durable are gone, whether the node knows it or not
   */
  default void onBoot(NodeId node, boolean hasLostDisk) {}

  default void onCrash(NodeId node) {}
}
