package org.undchain.node.devnet;

import org.undchain.core.value.NodeId;

/**
 * One node of a devnet.
 *
 * @param name v1, v2, … for validators, p1, p2, … for partners
 * @param port where it listens on 127.0.0.1, chosen once when the network is made
 */
public record DevnetNode(String name, Standing standing, NodeId id, int port) {

  /** What a node is on its chain. */
  public enum Standing {
    KNOWN,
    UNKNOWN,
    PASSIVE,
    PARTNER
  }

  public boolean isPartner() {
    return standing == Standing.PARTNER;
  }

  /** Whether it votes. */
  public boolean isActive() {
    return standing == Standing.KNOWN || standing == Standing.UNKNOWN;
  }

  String address() {
    return DevnetPlan.HOST + ":" + port;
  }
}
