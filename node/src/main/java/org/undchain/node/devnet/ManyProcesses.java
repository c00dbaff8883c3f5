package org.undchain.node.devnet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A devnet each of whose nodes is a process of its own. */
final class ManyProcesses implements Network {
  private final NodeProcesses processes;
  private final Map<String, Process> started;
  private final Consumer<String> warn;
  private final AtomicBoolean isClosing = new AtomicBoolean();

  private ManyProcesses(
      NodeProcesses processes, Map<String, Process> started, Consumer<String> warn) {
    this.processes = processes;
    this.started = started;
    this.warn = warn;
  }

  static ManyProcesses start(DevnetFolder folder, DevnetPlan plan, Consumer<String> warn)
      throws IOException {
    NodeProcesses processes = new NodeProcesses(folder, plan);
    Map<String, Process> started = new LinkedHashMap<>();
    try {
      for (DevnetNode node : plan.nodes()) {
        started.put(node.name(), processes.start(node));
      }
    } catch (IOException refused) {
      processes.stop();
      throw refused;
    }
    return new ManyProcesses(processes, started, warn);
  }

  @Override
  public void watch() {
    started.forEach((name, process) -> process.onExit().thenAccept(ended -> tell(name, ended)));
  }

  private void tell(String name, Process ended) {
    if (!isClosing.get()) {
      warn.accept(
          name
              + " ended with code "
              + ended.exitValue()
              + "; undchain devnet start "
              + name
              + " starts it again");
    }
  }

  @Override
  public void close() {
    isClosing.set(true);
    List<String> left = new ArrayList<>();
    try {
      processes.stop();
      left.addAll(processes.alive());
    } catch (IOException failure) {
      warn.accept("the nodes could not be ended: " + failure.getMessage());
    }
    if (!left.isEmpty()) {
      warn.accept("these nodes still run: " + String.join(" ", left));
    }
  }
}
