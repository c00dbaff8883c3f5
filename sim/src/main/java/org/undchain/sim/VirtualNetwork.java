package org.undchain.sim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.machine.Event;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.NodeId;

/**
 * The network between the nodes: who is connected to whom, and what a link does to a message.
 * Connections come up and break by themselves as nodes start, crash and are cut off.
 */
public final class VirtualNetwork {
  /** A cut connection is given up after this time without a sign of life. */
  public static final long KEEPALIVE_MICROS = 3_000_000;

  private static final long REDIAL_MICROS = 250_000;

  private static final Censor NOTHING = (from, to, message) -> false;

  private final Simulation simulation;
  private final Map<Pair, Wire> wires = new TreeMap<>();
  private final Map<Pair, Wire> found = new HashMap<>(); // the same, to find one quickly
  private LinkProfile profile = LinkProfile.LAN;
  private Censor censor = NOTHING;

  /** What the link between two nodes is like, given what it usually is. */
  @FunctionalInterface
  public interface Shape {
    LinkProfile of(NodeId a, NodeId b, LinkProfile usual);
  }

  /** Which messages never arrive. */
  @FunctionalInterface
  public interface Censor {
    boolean takes(NodeId from, NodeId to, Envelope message);
  }

  private record Pair(NodeId low, NodeId high) implements Comparable<Pair> {
    static Pair of(NodeId a, NodeId b) {
      return a.compareTo(b) < 0 ? new Pair(a, b) : new Pair(b, a);
    }

    @Override
    public int compareTo(Pair other) {
      int byLow = low.compareTo(other.low);
      return byLow != 0 ? byLow : high.compareTo(other.high);
    }
  }

  VirtualNetwork(Simulation simulation) {
    this.simulation = simulation;
  }

  /** What links that are joined from now on are like. */
  public void profile(LinkProfile newProfile) {
    profile = newProfile;
  }

  /** From now on every link is what {@code shape} says. */
  public void shape(Shape shape) {
    wires
        .values()
        .forEach(wire -> wire.profile(shape.of(wire.end(0), wire.end(1), wire.usualProfile())));
  }

  /** From now on what {@code other} says is lost on arrival, and nothing else for this reason. */
  public void censor(Censor other) {
    censor = other;
  }

  /** From now on nothing is lost for this reason, and no message is looked at for it. */
  public void uncensored() {
    censor = NOTHING;
  }

  /** Breaks the connection of two nodes; they dial again. */
  public void reset(NodeId a, NodeId b) {
    wire(a, b)
        .ifPresent(wire -> {
          breakNow(wire, 0);
          breakNow(wire, 1);
        });
  }

  /** From now on {@code dialler} keeps a connection to {@code listener}. */
  public void join(NodeId dialler, NodeId listener) {
    Pair pair = Pair.of(dialler, listener);
    if (!dialler.equals(listener) && !wires.containsKey(pair)) {
      Chance chance = Chance.of(simulation.seed(), "link " + pair.low().hex() + pair.high().hex());
      Wire wire = new Wire(dialler, listener, profile, chance);
      wires.put(pair, wire);
      found.put(pair, wire);
      dial(wire);
    }
  }

  /** Nothing passes between these nodes and all others. */
  public void partition(Collection<NodeId> side) {
    for (Wire wire : wires.values()) {
      if (side.contains(wire.end(0)) != side.contains(wire.end(1))) {
        cut(wire, 0);
        cut(wire, 1);
      }
    }
  }

  /** Nothing passes from {@code from} to {@code to}; the other way all stays as it is. */
  public void cutOneWay(NodeId from, NodeId to) {
    wire(from, to).ifPresent(wire -> cut(wire, wire.sideOf(from)));
  }

  /** All cuts end. A connection that lost something breaks, as TCP would, and is dialled again. */
  public void heal() {
    for (Wire wire : wires.values()) {
      if (wire.isAnyCut()) {
        if (wire.heal()) {
          breakNow(wire, 0);
          breakNow(wire, 1);
        }
        dial(wire);
      }
    }
  }

  void send(NodeId from, NodeId to, Parcel parcel) {
    wire(from, to)
        .filter(wire -> wire.isUp(wire.sideOf(from)))
        .ifPresent(wire -> send(wire, from, to, parcel));
  }

  private void send(Wire wire, NodeId from, NodeId to, Parcel parcel) {
    int side = wire.sideOf(from);
    if (wire.isCut(side)) {
      wire.lostByCut(side);
      return;
    }
    LinkProfile link = wire.profile();
    Chance chance = wire.chance();
    if (chance.perMille(link.lossPerMille())) {
      return;
    }
    Parcel arriving = chance.perMille(link.corruptPerMille()) ? parcel.corrupted(chance) : parcel;
    int copies = chance.perMille(link.duplicatePerMille()) ? 2 : 1;
    for (int copy = 0; copy < copies; copy++) {
      boolean mayOvertake = chance.perMille(link.reorderPerMille());
      long at = wire.arrival(side, simulation.nowMicros(), mayOvertake);
      int connection = wire.connection(side);
      simulation.at(
          at,
          () -> {
            if (wire.isCut(side)) {
              wire.lostByCut(side);
            } else if (wire.connection(1 - side) == connection && !isCensored(from, to, arriving)) {
              simulation.host(to).arrive(from, arriving);
            }
          });
    }
  }

  private boolean isCensored(NodeId from, NodeId to, Parcel parcel) {
    return censor != NOTHING
        && parcel.envelope().map(message -> censor.takes(from, to, message)).orElse(false);
  }

  /** {@code node} closes its connection to {@code peer}; both hear of it, and dial again later. */
  void disconnect(NodeId node, NodeId peer) {
    wire(node, peer)
        .ifPresent(wire -> {
          int side = wire.sideOf(node);
          breakNow(wire, side);
          breakAfterFlight(wire, 1 - side);
        });
  }

  void started(NodeId node) {
    wiresOf(node).forEach(this::dial);
  }

  /** The system of a dead process closes its connections: the peers hear of it one flight later. */
  void crashed(NodeId node) {
    for (Wire wire : wiresOf(node)) {
      int side = wire.sideOf(node);
      wire.down(side);
      breakAfterFlight(wire, 1 - side);
    }
  }

  private void cut(Wire wire, int side) {
    wire.cut(side);
    if (!wire.isFullyCut()) {
      return;
    }
    int[] connections = {wire.connection(0), wire.connection(1)};
    simulation.after(
        KEEPALIVE_MICROS,
        () -> {
          for (int end = 0; end < 2; end++) {
            if (wire.isFullyCut() && wire.connection(end) == connections[end]) {
              breakNow(wire, end);
            }
          }
        });
  }

  private void dial(Wire wire) {
    if (wire.isConnecting() || !isPossible(wire)) {
      return;
    }
    wire.connecting(true);
    simulation.after(
        2 * (wire.drawDelay() + wire.drawDelay()),
        () -> {
          wire.connecting(false);
          if (isPossible(wire)) {
            connect(wire);
          }
        });
  }

  private boolean isPossible(Wire wire) {
    return wire.isDown()
        && !wire.isAnyCut()
        && simulation.host(wire.end(0)).isRunning()
        && simulation.host(wire.end(1)).isRunning();
  }

  /** The listener is up first; its Hello takes one flight to the dialler. */
  private void connect(Wire wire) {
    int number = wire.newConnection();
    wire.up(1, number);
    int diallers = simulation.host(wire.end(0)).incarnation();
    tellUp(wire, 1);
    simulation.at(
        wire.arrival(1, simulation.nowMicros(), false),
        () -> {
          if (wire.connection(1) == number
              && !wire.isCut(1)
              && simulation.host(wire.end(0)).incarnation() == diallers
              && simulation.host(wire.end(0)).isRunning()) {
            wire.up(0, number);
            tellUp(wire, 0);
          } else if (wire.connection(1) == number) {
            breakNow(wire, 1);
          }
        });
  }

  private void tellUp(Wire wire, int side) {
    NodeId peer = wire.end(1 - side);
    simulation.host(wire.end(side)).on(new Event.PeerUp(peer, simulation.host(peer).spec().role()));
  }

  private void breakAfterFlight(Wire wire, int side) {
    int number = wire.connection(side);
    simulation.at(
        wire.arrival(1 - side, simulation.nowMicros(), false),
        () -> {
          if (wire.connection(side) == number) {
            breakNow(wire, side);
          }
        });
  }

  private void breakNow(Wire wire, int side) {
    if (!wire.isUp(side)) {
      return;
    }
    wire.down(side);
    simulation.host(wire.end(side)).on(new Event.PeerDown(wire.end(1 - side)));
    simulation.after(REDIAL_MICROS, () -> dial(wire));
  }

  private Optional<Wire> wire(NodeId a, NodeId b) {
    return Optional.ofNullable(found.get(Pair.of(a, b)));
  }

  private List<Wire> wiresOf(NodeId node) {
    List<Wire> of = new ArrayList<>();
    for (Map.Entry<Pair, Wire> entry : wires.entrySet()) {
      if (entry.getKey().low().equals(node) || entry.getKey().high().equals(node)) {
        of.add(entry.getValue());
      }
    }
    return of;
  }
}
