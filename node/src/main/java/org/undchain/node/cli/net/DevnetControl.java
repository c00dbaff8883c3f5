package org.undchain.node.cli.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.undchain.node.cli.Command.Call;
import org.undchain.node.cli.Devnet;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Failures;
import org.undchain.node.cli.read.LocalApi;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.SocketPath;
import org.undchain.node.config.Spelling;
import org.undchain.node.devnet.DevnetDocument;
import org.undchain.node.devnet.DevnetDocument.Mode;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.Founding;
import org.undchain.node.devnet.NodeProcesses;
import org.undchain.node.devnet.ProcessMark;
import org.undchain.node.json.Json;

/** Speaks to a devnet that runs, from another terminal than the one it runs in. */
final class DevnetControl {
  private static final long STOP_MILLIS_MAX = 30_000;
  private static final long ANSWER_MILLIS_MAX = 60_000;
  private static final long POLL_MILLIS = 40;

  private final Call call;
  private final DevnetFolder folder;
  private final DevnetPlan plan;
  private final Optional<Devnet> devnet;

  private DevnetControl(Call call, DevnetFolder folder, DevnetPlan plan, Optional<Devnet> devnet) {
    this.call = call;
    this.folder = folder;
    this.plan = plan;
    this.devnet = devnet;
  }

  /** The network of {@code --data}, else the registered one. */
  static DevnetControl of(Call call) throws Failure, IOException {
    DevnetFolder folder = DevnetCommand.folder(call);
    if (call.arguments().text("--data").isEmpty()) {
      Optional<String> registered = Devnet.running(call.session()).flatMap(Devnet::dataDir);
      folder = registered.map(call.session()::path).map(DevnetFolder::new).orElse(folder);
    }
    try {
      if (!Founding.isFounded(folder)) {
        throw notRunning(folder);
      }
      return new DevnetControl(
          call, folder, Founding.open(folder), Devnet.at(folder.documentFile()));
    } catch (ConfigException refused) {
      throw Failures.of(refused);
    }
  }

  void stop() throws Failure, IOException, InterruptedException {
    Optional<ProcessHandle> keeper = devnet.flatMap(Devnet::keeper);
    NodeProcesses processes = new NodeProcesses(folder, plan);
    if (keeper.isEmpty() && processes.alive().isEmpty()) {
      DevnetUp.unregister(call, folder);
      throw notRunning(folder);
    }
    if (keeper.isPresent()) {
      keeper.get().destroy();
      if (!hasEnded(keeper.get())) {
        keeper.get().destroyForcibly();
      }
    }
    processes.stop();
    DevnetUp.unregister(call, folder);
    if (call.console().isJson()) {
      call.console().document(Json.object().put("stopped", folder.root().toString()).build());
    } else {
      call.console().note("stopped; undchain devnet --data " + folder.root() + " resumes it");
    }
  }

  void status() throws Failure, IOException {
    if (devnet.flatMap(Devnet::keeper).isEmpty()
        && new NodeProcesses(folder, plan).alive().isEmpty()) {
      throw notRunning(folder);
    }
    List<Json> documents = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (DevnetNode node : plan.nodes()) {
      Json.Obj state = state(node);
      documents.add(state);
      rows.add(
          List.of(
              node.name(),
              state.text("role").orElse(""),
              state.bool("running").orElse(false) ? "running" : "off",
              state.integer("pid").map(String::valueOf).orElse("-"),
              state.text("height").orElse("-")));
    }
    if (call.console().isJson()) {
      call.console()
          .document(
              Json.object()
                  .put("dataDir", folder.root().toString())
                  .put("mode", mode().word())
                  .put("nodes", documents)
                  .build());
    } else {
      call.console().table(List.of("NAME", "ROLE", "STATE", "PID", "HEIGHT"), rows);
    }
  }

  private Json.Obj state(DevnetNode node) throws IOException {
    Optional<ProcessHandle> process =
        mode() == Mode.PROCESSES
            ? new NodeProcesses(folder, plan).of(node)
            : devnet.flatMap(Devnet::keeper);
    Json.Builder state =
        Json.object()
            .put("name", node.name())
            .put("role", DevnetDocument.role(node))
            .put("running", process.isPresent());
    process.ifPresent(running -> state.putInt("pid", (int) running.pid()));
    if (process.isPresent() && !node.isPartner()) {
      try {
        Json.Obj answer = api(node).get("/v1/status");
        for (String field : List.of("height", "slot", "synced")) {
          answer.field(field).ifPresent(value -> state.put(field, value));
        }
      } catch (Failure silent) {
        state.put("error", String.valueOf(silent.getMessage()));
      }
    }
    return state.build();
  }

  void kill(String name, int signal) throws Failure, IOException, InterruptedException {
    DevnetNode node = nodeWithProcess(name);
    Optional<ProcessHandle> process = new NodeProcesses(folder, plan).of(node);
    if (process.isEmpty()) {
      throw Failure.local(
          3203,
          "NODE_OFF",
          name + " does not run",
          "its process is gone",
          "undchain devnet start " + name);
    }
    long pid = process.get().pid();
    int code =
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start().waitFor();
    if (code != 0) {
      throw Failure.local(
          1411,
          "KILL_FAILED",
          "signal " + signal + " did not reach " + name,
          "kill ended with " + code,
          "undchain devnet status");
    }
    boolean isDeadly = signal == 9 || signal == 15 || signal == 2 || signal == 1;
    if (isDeadly && !hasEnded(process.get())) {
      call.console().warn(name + " got signal " + signal + " and still runs");
    }
    if (call.console().isJson()) {
      call.console()
          .document(
              Json.object()
                  .put("name", name)
                  .putInt("pid", (int) pid)
                  .putInt("signal", signal)
                  .build());
    } else {
      call.console().note("signal " + signal + " sent to " + name + " (pid " + pid + ")");
    }
  }

  void start(String name) throws Failure, IOException, InterruptedException {
    DevnetNode node = nodeWithProcess(name);
    NodeProcesses processes = new NodeProcesses(folder, plan);
    if (processes.of(node).isPresent()) {
      throw Failure.local(
          4201,
          "NODE_RUNS",
          name + " runs already",
          "one key must not run twice",
          "undchain devnet status");
    }
    long began = System.nanoTime();
    Process process = processes.start(node);
    awaitAnswer(node, process);
    Json.Obj document = refreshed();
    DevnetDocument.write(folder.documentFile(), document);
    Optional<String> registered = Devnet.running(call.session()).flatMap(Devnet::dataDir);
    if (registered.equals(Optional.of(folder.root().toString()))) {
      DevnetDocument.write(Devnet.register(call.session()), document);
    }
    long millis = (System.nanoTime() - began) / 1_000_000;
    if (call.console().isJson()) {
      call.console()
          .document(
              Json.object()
                  .put("name", name)
                  .putInt("pid", (int) process.pid())
                  .putInt("readyMillis", (int) millis)
                  .build());
    } else {
      call.console()
          .note(name + " runs again (pid " + process.pid() + "), after " + millis + " ms");
    }
  }

  private void awaitAnswer(DevnetNode node, Process process)
      throws Failure, IOException, InterruptedException {
    long deadline = System.nanoTime() + ANSWER_MILLIS_MAX * 1_000_000;
    while (process.isAlive() && System.nanoTime() < deadline) {
      try {
        if (node.isPartner() ? isListening(node) : api(node).get("/v1/status") != null) {
          return;
        }
      } catch (Failure notYet) {
        // asked again below
      }
      Thread.sleep(POLL_MILLIS);
    }
    throw Failure.local(
        5006,
        "NODE_SILENT",
        node.name() + (process.isAlive() ? " does not answer" : " ended at once"),
        "it was started as process " + process.pid(),
        "look into " + folder.nodeLog(node.name()),
        "look into " + folder.nodeFolder(node.name()).resolve("console.log"));
  }

  private static boolean isListening(DevnetNode node) {
    try (java.net.Socket socket = new java.net.Socket("127.0.0.1", node.port())) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private Json.Obj refreshed() throws IOException {
    ProcessMark keeper =
        devnet.flatMap(Devnet::mark).orElseGet(() -> ProcessMark.of(ProcessHandle.current()));
    long ready = devnet.flatMap(running -> running.document().integer("readyMillis")).orElse(0L);
    return new DevnetDocument(folder, plan)
        .of(new DevnetDocument.Running(Mode.PROCESSES, keeper, ready));
  }

  private DevnetNode nodeWithProcess(String name) throws Failure, IOException {
    Optional<DevnetNode> node = plan.node(name);
    if (node.isEmpty()) {
      List<String> names = plan.nodes().stream().map(DevnetNode::name).toList();
      throw Failure.local(
          3202,
          "NO_SUCH_NODE",
          "there is no node " + name,
          "the network has " + String.join(" ", names),
          Spelling.nearest(name, names).orElse("undchain devnet status"));
    }
    if (mode() != Mode.PROCESSES) {
      throw Failure.local(
          4202,
          "ONE_PROCESS",
          name + " has no process of its own",
          "this network runs in one process, or not at all",
          "undchain devnet stop; undchain devnet --processes --data " + folder.root());
    }
    return node.get();
  }

  private Mode mode() throws IOException {
    boolean isDocumented =
        devnet
            .flatMap(running -> running.document().text("mode"))
            .equals(Optional.of(Mode.PROCESSES.word()));
    return isDocumented || !new NodeProcesses(folder, plan).alive().isEmpty()
        ? Mode.PROCESSES
        : Mode.ONE_PROCESS;
  }

  private LocalApi api(DevnetNode node) {
    return LocalApi.unix(SocketPath.fitting(folder.apiSocket(node.name())));
  }

  private static boolean hasEnded(ProcessHandle process) throws InterruptedException {
    try {
      process.onExit().get(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException stillThere) {
      return !process.isAlive();
    }
  }

  private static Failure notRunning(DevnetFolder folder) {
    return Failure.local(
        3201,
        "NOT_RUNNING",
        "no devnet runs in " + folder.root(),
        "no process of it is there",
        "undchain devnet");
  }
}
