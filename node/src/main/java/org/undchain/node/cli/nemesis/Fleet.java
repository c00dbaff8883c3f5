package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.nemesis.relay.Relay;
import org.undchain.node.cli.read.LocalApi;
import org.undchain.node.config.SocketPath;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.NodeProcesses;
import org.undchain.node.devnet.Offspring;

/** The validators of a network as processes: to be killed, stopped, started again and asked. */
final class Fleet implements Relay.Who {
  /** What the clients of this very process are called among the ends of links. */
  static final String CLIENTS = "clients";

  private static final long END_SECONDS_MAX = 60;

  private final DevnetFolder folder;
  private final List<DevnetNode> validators;
  private final NodeProcesses processes;
  private final AtomicInteger kills = new AtomicInteger();

  Fleet(DevnetFolder folder, DevnetPlan plan) {
    this.folder = folder;
    this.validators = plan.nodes().stream().filter(node -> !node.isPartner()).toList();
    this.processes = new NodeProcesses(folder, plan);
  }

  DevnetFolder folder() {
    return folder;
  }

  List<DevnetNode> validators() {
    return validators;
  }

  /** How many processes were killed so far. */
  int kills() {
    return kills.get();
  }

  /** Kills without a warning (signal 9), as near to one moment as can be, and waits for the end. */
  void kill(List<DevnetNode> victims) throws IOException {
    List<ProcessHandle> running = running(victims);
    running.forEach(ProcessHandle::destroyForcibly);
    running.forEach(process -> process.onExit().join());
    kills.addAndGet(running.size());
  }

  /** Tells them to end; false if one does not. */
  boolean terminate(List<DevnetNode> victims) throws IOException, InterruptedException {
    List<ProcessHandle> running = running(victims);
    running.forEach(ProcessHandle::destroy);
    for (ProcessHandle process : running) {
      if (!hasEnded(process)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a process ends by itself in time. */
  boolean ends(DevnetNode node) throws IOException, InterruptedException {
    Optional<ProcessHandle> process = processes.of(node);
    return process.isEmpty() || hasEnded(process.get());
  }

  private static boolean hasEnded(ProcessHandle process) throws InterruptedException {
    try {
      process.onExit().get(END_SECONDS_MAX, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException stillThere) {
      return false;
    }
  }

  private List<ProcessHandle> running(List<DevnetNode> nodes) throws IOException {
    List<ProcessHandle> running = new ArrayList<>();
    for (DevnetNode node : nodes) {
      processes.of(node).ifPresent(running::add);
    }
    return running;
  }

  /** Sends a signal by its name, such as STOP or CONT. */
  void signal(String name, List<DevnetNode> nodes) throws IOException, InterruptedException {
    List<String> pids =
        running(nodes).stream().map(process -> Long.toString(process.pid())).toList();
    if (!pids.isEmpty()) {
      Shell.run("kill", "-" + name, String.join(" ", pids));
    }
  }

  void start(List<DevnetNode> nodes) throws IOException {
    for (DevnetNode node : nodes) {
      processes.start(node);
    }
  }

  /**
   * Starts one with more in its environment.
   *
   * @param environment what stands there besides what all have
   */
  void start(DevnetNode node, Map<String, String> environment) throws IOException {
    processes.start(node, environment);
  }

  /**
   * A process on the same folder, beside the one that runs.
   *
   * @param output where what it says is written
   */
  Process startSecond(DevnetNode node, Path output) throws IOException {
    return Offspring.call(
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
            List.of("validator", "run", "--config", folder.nodeFile(node.name()).toString()))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  boolean isAlive(DevnetNode node) throws IOException {
    return processes.of(node).isPresent();
  }

  /** Those whose processes are gone. */
  List<DevnetNode> dead() throws IOException {
    List<DevnetNode> dead = new ArrayList<>();
    for (DevnetNode node : validators) {
      if (!isAlive(node)) {
        dead.add(node);
      }
    }
    return dead;
  }

  @Override
  public Optional<String> first(LongPredicate holdsIt) {
    if (holdsIt.test(ProcessHandle.current().pid())) {
      return Optional.of(CLIENTS);
    }
    for (DevnetNode node : validators) {
      try {
        if (processes.of(node).filter(process -> holdsIt.test(process.pid())).isPresent()) {
          return Optional.of(node.name());
        }
      } catch (IOException betweenTwoLives) {
        continue;
      }
    }
    return Optional.empty();
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

  /** What a node's process said at its console from a place on. */
  String console(DevnetNode node, long from) throws IOException {
    String all = Files.readString(consoleFile(node));
    return all.substring((int) Math.min(from, all.length()));
  }

  /** How much a node's process has said at its console. */
  long consoleLength(DevnetNode node) throws IOException {
    return Files.readString(consoleFile(node)).length();
  }

  private Path consoleFile(DevnetNode node) {
    return folder.nodeFolder(node.name()).resolve("console.log");
  }
}
