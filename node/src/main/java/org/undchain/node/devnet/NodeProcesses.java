package org.undchain.node.devnet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The processes of a devnet's nodes, as the files in their folders name them: found by whoever
 * looks, whether or not the one that started them still lives.
 */
public final class NodeProcesses {
  private static final long STOP_SECONDS_MAX = 15;

  private final DevnetFolder folder;
  private final DevnetPlan plan;

  public NodeProcesses(DevnetFolder folder, DevnetPlan plan) {
    this.folder = folder;
    this.plan = plan;
  }

  /** The process that runs a node now. */
  public Optional<ProcessHandle> of(DevnetNode node) throws IOException {
    return ProcessMark.read(folder.pidFile(node.name())).flatMap(ProcessMark::alive);
  }

  /** Names of the nodes whose processes run. */
  public List<String> alive() throws IOException {
    List<String> names = new ArrayList<>();
    for (DevnetNode node : plan.nodes()) {
      if (of(node).isPresent()) {
        names.add(node.name());
      }
    }
    return names;
  }

  public Process start(DevnetNode node) throws IOException {
    return start(node, Map.of());
  }

  /**
   * Starts one with more in its environment.
   *
   * @param environment what stands there besides what all have
   */
  public Process start(DevnetNode node, Map<String, String> environment) throws IOException {
    return Offspring.node(folder, node, environment);
  }

  /** Tells all to end, waits, and ends those that do not. */
  public void stop() throws IOException {
    List<ProcessHandle> running = new ArrayList<>();
    for (DevnetNode node : plan.nodes()) {
      of(node).ifPresent(running::add);
    }
    running.forEach(ProcessHandle::destroy);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS_MAX);
    for (ProcessHandle process : running) {
      awaitEnd(process, deadline - System.nanoTime());
    }
    for (DevnetNode node : plan.nodes()) {
      if (of(node).isEmpty()) {
        java.nio.file.Files.deleteIfExists(folder.pidFile(node.name()));
      }
    }
  }

  private static void awaitEnd(ProcessHandle process, long nanos) {
    try {
      process.onExit().get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException stillThere) {
      process.destroyForcibly();
      process.onExit().join();
    } catch (InterruptedException stopping) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
