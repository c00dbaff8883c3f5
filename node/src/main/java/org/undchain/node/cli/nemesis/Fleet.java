package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.read.LocalApi;
import org.undchain.node.config.SocketPath;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.NodeProcesses;

/** The validators of a network as processes: to be killed, started again and asked. */
final class Fleet {
  private final DevnetFolder folder;
  private final List<DevnetNode> validators;
  private final NodeProcesses processes;

  Fleet(DevnetFolder folder, DevnetPlan plan) {
    this.folder = folder;
    this.validators = plan.nodes().stream().filter(node -> !node.isPartner()).toList();
    this.processes = new NodeProcesses(folder, plan);
  }

  List<DevnetNode> validators() {
    return validators;
  }

  /** Kills without a warning (signal 9), as near to one moment as can be, and waits for the end. */
  void kill(List<DevnetNode> victims) throws IOException {
    List<ProcessHandle> running = new ArrayList<>();
    for (DevnetNode victim : victims) {
      processes.of(victim).ifPresent(running::add);
    }
    running.forEach(ProcessHandle::destroyForcibly);
    running.forEach(process -> process.onExit().join());
  }

  void start(List<DevnetNode> nodes) throws IOException {
    for (DevnetNode node : nodes) {
      processes.start(node);
    }
  }

  /** Those whose processes are gone. */
  List<DevnetNode> dead() throws IOException {
    List<DevnetNode> dead = new ArrayList<>();
    for (DevnetNode node : validators) {
      if (processes.of(node).isEmpty()) {
        dead.add(node);
      }
    }
    return dead;
  }

  LocalApi api(DevnetNode node) {
    return LocalApi.unix(SocketPath.fitting(folder.apiSocket(node.name())));
  }

  /** The newest block a node tells of; empty while it does not answer. */
  OptionalLong height(DevnetNode node) {
    try {
      return api(node).get("/v1/status").integer("height").map(OptionalLong::of).orElseThrow();
    } catch (Failure | IOException silent) {
      return OptionalLong.empty();
    }
  }
}
