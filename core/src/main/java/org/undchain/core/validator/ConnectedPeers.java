package org.undchain.core.validator;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.machine.Load;
import org.undchain.core.message.Role;
import org.undchain.core.value.NodeId;

/** Who is connected, and as what. */
final class ConnectedPeers {
  private static final int PEERS_MAX = 4096;

  private final Map<NodeId, Role> roles = new TreeMap<>();
  private List<NodeId> validators = List.of();

  void up(NodeId peer, Role role) {
    if (roles.size() < PEERS_MAX || roles.containsKey(peer)) {
      Role before = roles.put(peer, role);
      if (role == Role.ROLE_VALIDATOR || before == Role.ROLE_VALIDATOR) {
        count();
      }
    }
  }

  void down(NodeId peer) {
    if (roles.remove(peer) == Role.ROLE_VALIDATOR) {
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

  Load load() {
    return new Load("peers", roles.size(), PEERS_MAX);
  }

  List<NodeId> validators() {
    return validators;
  }
}
