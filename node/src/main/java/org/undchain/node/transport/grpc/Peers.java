package org.undchain.node.transport.grpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.undchain.core.value.NodeId;
import org.undchain.node.transport.PeerListener;

/**
 * The connections of one node that said Hello, one for each peer.
 *
 * <p>When two nodes dial each other both sides keep the connection that the lower id dialled; a
 * second one in the same direction replaces the first, whose end the other side has forgotten.
 * Since both see the same two ids, both keep the same one.
 */
final class Peers {
  /** Peers of one node. */
  static final int PEERS_MAX = 1024;

  private final NodeId self;
  private final PeerListener listener;
  private final TransportMeter meter;
  private final Map<NodeId, Connection> connections = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();

  Peers(NodeId self, PeerListener listener, TransportMeter meter) {
    this.self = self;
    this.listener = listener;
    this.meter = meter;
  }

  /** Takes a connection in, or says why not. */
  Optional<String> admit(Connection fresh) throws InterruptedException {
    NodeId peer = fresh.peer().id();
    lock.lock();
    try {
      Optional<Connection> before = of(peer);
      if (before.isPresent() && !replaces(fresh, before.get())) {
        return Optional.of("connected already");
      }
      if (before.isEmpty() && connections.size() >= PEERS_MAX) {
        return Optional.of("no room for another peer");
      }
      connections.put(peer, fresh);
      if (before.isPresent()) {
        listener.down(peer);
        before.get().end("replaced by another connection");
      }
      meter.peers(connections.size());
      listener.up(fresh.peer());
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  void leave(Connection gone) throws InterruptedException {
    lock.lock();
    try {
      if (connections.remove(gone.peer().id(), gone)) {
        left.signalAll(); // heard once the lock is free
        meter.peers(connections.size());
        listener.down(gone.peer().id());
      }
    } finally {
      lock.unlock();
    }
  }

  Optional<Connection> of(NodeId peer) {
    return Optional.ofNullable(connections.get(peer));
  }

  List<NodeId> ids() {
    return connections.keySet().stream().sorted().toList();
  }

  List<Connection> all() {
    return List.copyOf(connections.values());
  }

  /** Returns once nobody is connected as this peer. */
  void awaitGone(NodeId peer) throws InterruptedException {
    lock.lock();
    try {
      while (connections.containsKey(peer)) {
        left.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean replaces(Connection fresh, Connection before) {
    if (fresh.isDialler() == before.isDialler()) {
      return true;
    }
    boolean isSelfLower = self.compareTo(fresh.peer().id()) < 0;
    return fresh.isDialler() == isSelfLower;
  }
}
