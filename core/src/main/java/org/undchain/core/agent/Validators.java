package org.undchain.core.agent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Role;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The validators an agent trusts and those of them it is connected to. */
public final class Validators {
  private static final int PEERS_MAX = 256;

  private final KnownSets sets;
  private final Set<NodeId> connected = new TreeSet<>();

  public Validators(KnownSets sets) {
    this.sets = sets;
  }

  public KnownSets sets() {
    return sets;
  }

  public void onPeerUp(NodeId peer, Role role) {
    if (role == Role.ROLE_VALIDATOR && connected.size() < PEERS_MAX) {
      connected.add(peer);
    }
  }

  public void onPeerDown(NodeId peer) {
    connected.remove(peer);
  }

  /** Every connected validator, whether active or not. */
  public List<NodeId> connected() {
    return List.copyOf(connected);
  }

  /** Connected active validators in set order. */
  public List<NodeId> active() {
    return sets.newest().ids().stream().filter(connected::contains).toList();
  }

  /**
   * Connected active validators in an order that spreads the load over them. One of each class
   * comes first (R2.2): what the first few say is a promise or proof only if both are among them.
   */
  public List<NodeId> activeFor(Hash entryId) {
    List<NodeId> active = new ArrayList<>(active());
    if (active.isEmpty()) {
      return active;
    }
    Collections.rotate(active, entryId.bytes().at(0) & 0xff);
    ValidatorSet set = sets.newest();
    Set<NodeId> ordered = new LinkedHashSet<>();
    active.stream().filter(id -> set.isKnown(id)).findFirst().ifPresent(ordered::add);
    active.stream().filter(id -> !set.isKnown(id)).findFirst().ifPresent(ordered::add);
    ordered.addAll(active);
    return List.copyOf(ordered);
  }
}
