package org.undchain.sim;

import org.undchain.core.value.NodeId;

/**
 * The connection between two nodes, seen from both of its sides. Like TCP it keeps the order, and
 * what was under way when it broke is lost.
 */
final class Wire {
  private static final int DOWN = 0;

  private final NodeId[] ends;
  private final LinkProfile usual;
  private final Chance chance;
  private final long base;
  private final boolean[] isCut = new boolean[2];
  private final boolean[] hasLost = new boolean[2];
  private final long[] newestArrival = new long[2];
  private final int[] connection = new int[2];
  private LinkProfile profile;
  private int connections = DOWN;
  private boolean isConnecting;

  Wire(NodeId dialler, NodeId listener, LinkProfile profile, Chance chance) {
    this.ends = new NodeId[] {dialler, listener};
    this.usual = profile;
    this.profile = profile;
    this.chance = chance;
    this.base = profile.delay().drawBase(chance);
  }

  int sideOf(NodeId node) {
    return ends[0].equals(node) ? 0 : 1;
  }

  NodeId end(int side) {
    return ends[side];
  }

  LinkProfile profile() {
    return profile;
  }

  LinkProfile usualProfile() {
    return usual;
  }

  void profile(LinkProfile other) {
    profile = other;
  }

  Chance chance() {
    return chance;
  }

  long drawDelay() {
    long more = profile.delay().minMicros() - usual.delay().minMicros();
    return profile.delay().draw(Math.max(0, base + more), chance);
  }

  /** Arrival of what leaves {@code side} now, behind all that left before it. */
  long arrival(int side, long nowMicros, boolean mayOvertake) {
    long at = nowMicros + drawDelay();
    if (mayOvertake) {
      return at;
    }
    newestArrival[side] = Math.max(newestArrival[side], at);
    return newestArrival[side];
  }

  boolean isCut(int side) {
    return isCut[side];
  }

  boolean isAnyCut() {
    return isCut[0] || isCut[1];
  }

  boolean isFullyCut() {
    return isCut[0] && isCut[1];
  }

  void cut(int side) {
    isCut[side] = true;
  }

  /** Whether something was lost by the cut, so that the connection cannot go on. */
  boolean heal() {
    boolean mustBreak = hasLost[0] || hasLost[1];
    isCut[0] = false;
    isCut[1] = false;
    hasLost[0] = false;
    hasLost[1] = false;
    return mustBreak;
  }

  void lostByCut(int side) {
    hasLost[side] = true;
  }

  boolean isConnecting() {
    return isConnecting;
  }

  void connecting(boolean is) {
    isConnecting = is;
  }

  /** Begins a new connection and names it; neither side knows of it yet. */
  int newConnection() {
    connections++;
    return connections;
  }

  void up(int side, int number) {
    connection[side] = number;
  }

  /** Connection this side believes in, 0 for none. */
  int connection(int side) {
    return connection[side];
  }

  boolean isUp(int side) {
    return connection[side] != DOWN;
  }

  boolean isDown() {
    return !isUp(0) && !isUp(1);
  }

  void down(int side) {
    connection[side] = DOWN;
  }
}
