package org.undchain.node.cli.nemesis;

import java.io.IOException;

/** Makes of each step of a plan what carries it out. */
record Faults(
    ProcessFaults processes, NetworkFaults network, ClockFaults clocks, DiskFaults disks) {

  Fault of(Step step) throws IOException {
    return switch (step.type().place()) {
      case PROCESS -> processes.of(step);
      case NETWORK -> network.of(step);
      case CLOCK -> clocks.of(step);
      case DISK -> disks.of(step);
    };
  }
}
