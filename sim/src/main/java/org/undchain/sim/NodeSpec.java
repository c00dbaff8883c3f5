package org.undchain.sim;

import java.util.List;
import org.undchain.core.crypto.Signer;
import org.undchain.core.machine.Machine;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Role;
import org.undchain.core.value.NodeId;

/**
 * A node of the simulation: who it is and how its machine is built, at the first start and again
 * after every crash.
 */
public record NodeSpec(String name, Role role, Signer identity, Boot boot) {

  /** Builds the machine of a starting node. */
  @FunctionalInterface
  public interface Boot {
    Machine machine(Start start);
  }

  /**
   * @param recovered the durable log
   * @param disk the log as it grows, for reading history back
   * @param hasLostDisk the node ran before, but everything except its keys is gone
   */
  public record Start(List<LogRecord> recovered, VirtualDisk disk, boolean hasLostDisk) {}

  public NodeId id() {
    return identity.id();
  }
}
