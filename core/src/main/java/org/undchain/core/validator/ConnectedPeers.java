package org.undchain.core.validator;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.machine.Load;
import org.undchain.core.message.Role;
import org.undchain.core.value.NodeId;

/** Who is connected, and as what. */
final class ConnectedPeers {
  private static final int PEERS_MAX = 4096;

  private final Map<NodeId, Role> roles = new TreeMap<>();
  private final TreeSet<NodeId> gone = new TreeSet<>();
  private List<NodeId> validators = List.of();

  void up(NodeId peer, Role role) {
    gone.remove(peer);
    if (roles.size() < PEERS_MAX || roles.containsKey(peer)) {
      Role before = roles.put(peer, role);
      if (role == Role.ROLE_VALIDATOR || before == Role.ROLE_VALIDATOR) {
        count();
      }
    }
  }

  void down(NodeId peer) {
    if (roles.remove(peer) == Role.ROLE_VALIDATOR) {
      if (gone.size() < PEERS_MAX) {
        gone.add(peer);
      }
      count();
    }
  }

  private void count() {
    validators =
        roles.entrySet().stream()
            .filter(peer -> peer.getValue() == Role.ROLE_VALIDATOR)
            .map(Map.Entry::getKey)
            .toList();
  }

  boolean contains(NodeId peer) {
    return roles.containsKey(peer);
  }

  boolean contains(NodeId peer, Role role) {
    return roles.get(peer) == role;
  }

  /** A validator that was connected and is not: unlike one that never was, it may well be dead. */
  boolean isGone(NodeId peer) {
    return gone.contains(peer);
  }

  Load load() {
    return new Load("peers", roles.size(), PEERS_MAX);
  }

  List<NodeId> validators() {
    return validators;
  }
}
