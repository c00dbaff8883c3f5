package org.undchain.sim.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chance;
import org.undchain.sim.Delay;
import org.undchain.sim.LinkProfile;
import org.undchain.sim.VirtualNetwork;

/** The network faults that are on now. What overlaps adds up; what ends leaves the others on. */
final class NetworkFaults {
  private static final long FLAP_MILLIS = 700;

  private final Cluster cluster;
  private final VirtualNetwork network;
  private final Map<Integer, Runnable> cuts = new TreeMap<>();
  private final Map<Integer, VirtualNetwork.Shape> shapes = new TreeMap<>();
  private final Map<Integer, VirtualNetwork.Censor> censors = new TreeMap<>();

  NetworkFaults(Cluster cluster) {
    this.cluster = cluster;
    this.network = cluster.simulation().network();
  }

  void begin(Fault fault) {
    NodeId victim = cluster.validator(fault.victim());
    NodeId other = cluster.validator(fault.other());
    int number = fault.number();
    int perMille = (int) fault.amount();
    switch (fault.kind()) {
      case LINK_SLOW ->
          shape(number, (a, b, was) -> isPair(a, b, victim, other) ? slower(was, fault) : was);
      case NODE_SLOW ->
          shape(
              number,
              (a, b, was) -> a.equals(victim) || b.equals(victim) ? slower(was, fault) : was);
      case LOSS -> shape(number, (a, b, was) -> was.losing(perMille * 3 / 10));
      case DUPLICATION -> shape(number, (a, b, was) -> was.duplicating(perMille / 2));
      case REORDERING -> shape(number, (a, b, was) -> was.reordering(perMille));
      case CORRUPTION -> shape(number, (a, b, was) -> was.corrupting(perMille / 20));
      case HALVES -> cut(number, () -> network.partition(half(fault)));
      case ISOLATED -> isolate(number, victim);
      case PAIR_CUT ->
          cut(
              number,
              () -> {
                network.cutOneWay(victim, other);
                network.cutOneWay(other, victim);
              });
      case ONE_WAY_LINK -> cut(number, () -> network.cutOneWay(victim, other));
      case MUTE_NODE ->
          cut(number, () -> cluster.validators().forEach(to -> network.cutOneWay(victim, to)));
      case DEAF_NODE ->
          cut(number, () -> cluster.validators().forEach(from -> network.cutOneWay(from, victim)));
      case FLAPPING -> flap(fault, fault.forMillis());
      case RESET -> network.reset(victim, other);
      case VOTES_LOST ->
          censor(
              number,
              (from, to, message) ->
                  from.equals(victim) && message.getType() == WireMessage.VOTE_FIELD_NUMBER);
      default -> throw new IllegalArgumentException("no fault of the network: " + fault.kind());
    }
  }

  void end(Fault fault) {
    int number = fault.number();
    if (cuts.remove(number) != null) {
      recut();
    }
    if (shapes.remove(number) != null) {
      reshape();
    }
    if (censors.remove(number) != null) {
      recensor();
    }
  }

  void endAll() {
    cuts.clear();
    shapes.clear();
    censors.clear();
    network.heal();
    reshape();
    recensor();
  }

  void isolate(int number, NodeId node) {
    cut(number, () -> network.partition(new TreeSet<>(List.of(node))));
  }

  void censor(int number, VirtualNetwork.Censor censor) {
    censors.put(number, censor);
    recensor();
  }

  private void cut(int number, Runnable cut) {
    cuts.put(number, cut);
    cut.run();
  }

  private void shape(int number, VirtualNetwork.Shape shape) {
    shapes.put(number, shape);
    reshape();
  }

  private void recut() {
    network.heal();
    cuts.values().forEach(Runnable::run);
  }

  private void reshape() {
    network.shape((a, b, usual) -> {
      LinkProfile profile = usual;
      for (VirtualNetwork.Shape shape : shapes.values()) {
        profile = shape.of(a, b, profile);
      }
      return profile;
    });
  }

  private void recensor() {
    if (censors.isEmpty()) {
      network.uncensored();
      return;
    }
    List<VirtualNetwork.Censor> all = new ArrayList<>(censors.values());
    network.censor(
        (from, to, message) -> all.stream().anyMatch(censor -> censor.takes(from, to, message)));
  }

  /** Off and on again every 0.7 s until the time is over. */
  private void flap(Fault fault, long leftMillis) {
    if (leftMillis <= 0 || cluster.isCalm()) {
      end(fault);
      return;
    }
    if (cuts.containsKey(fault.number())) {
      end(fault);
    } else {
      isolate(fault.number(), cluster.validator(fault.victim()));
    }
    cluster
        .simulation()
        .at(
            cluster.simulation().now().plusMillis(FLAP_MILLIS),
            () -> flap(fault, leftMillis - FLAP_MILLIS));
  }

  private TreeSet<NodeId> half(Fault fault) {
    Chance chance = Chance.of(cluster.plan().seed(), "half " + fault.number());
    int size = (int) chance.between(1, cluster.validators().size() - 1);
    return new TreeSet<>(chance.sample(cluster.validators(), size));
  }

  private static LinkProfile slower(LinkProfile was, Fault fault) {
    Delay delay = was.delay();
    long more = fault.amount() * fault.amount(); // up to 1 s, mostly less
    return new LinkProfile(
        new Delay(delay.minMicros() + more, delay.spreadMicros(), delay.meanExtraMicros()),
        was.lossPerMille(),
        was.duplicatePerMille(),
        was.reorderPerMille(),
        was.corruptPerMille());
  }

  private static boolean isPair(NodeId a, NodeId b, NodeId one, NodeId two) {
    return a.equals(one) && b.equals(two) || a.equals(two) && b.equals(one);
  }
}
