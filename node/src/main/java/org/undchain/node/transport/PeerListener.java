package org.undchain.node.transport;

import org.undchain.core.handshake.KnownPeer;
import org.undchain.core.message.Opened;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.NodeId;

/**
 * What a node hears of its peers. Called by the peers' own threads; a call may wait, and then
 * nothing more is read from that peer. For one peer the order is up, messages, down.
 */
public interface PeerListener {
  void up(KnownPeer peer) throws InterruptedException;

  /**
   * A message that passed the door.
   *
   * @param handled run once the machine is done with it
   */
  void message(NodeId peer, Opened message, Runnable handled) throws InterruptedException;

  /** Before what a peer brought is checked: it may have to wait for what is more urgent. */
  void giveWay(NodeId peer) throws InterruptedException;

  /** Whether some of what this peer requests may have no hope now. */
  boolean isBusy(NodeId peer);

  /**
   * For how long requests of this account have no hope: they are refused with BUSY before they cost
   * anything. 0 if they have.
   */
  long busyMillis(NodeId account);

  void down(NodeId peer) throws InterruptedException;

  /** A connection that was dialled came to nothing: {@code why} is the other side's or our own. */
  void failed(NodeId expected, RejectCode why, String detail);
}
