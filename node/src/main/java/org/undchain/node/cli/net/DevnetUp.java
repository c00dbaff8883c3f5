package org.undchain.node.cli.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.undchain.node.cli.Command.Call;
import org.undchain.node.cli.Console;
import org.undchain.node.cli.Devnet;
import org.undchain.node.cli.Failure;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetDocument;
import org.undchain.node.devnet.DevnetDocument.Mode;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.DevnetRun;
import org.undchain.node.devnet.ProcessMark;
import org.undchain.node.json.Json;
import org.undchain.node.store.StoreException;

/** Runs a founded network in the foreground until the process is told to end. */
final class DevnetUp {
  private static final long READY_MILLIS_MAX = 180_000;

  private final Call call;
  private final DevnetFolder folder;
  private final DevnetPlan plan;
  private final Mode mode;
  private final AtomicBoolean isStopping = new AtomicBoolean();

  DevnetUp(Call call, DevnetFolder folder, DevnetPlan plan, Mode mode) {
    this.call = call;
    this.folder = folder;
    this.plan = plan;
    this.mode = mode;
  }

  int run() throws Failure, ConfigException, StoreException, IOException, InterruptedException {
    DevnetRun run = DevnetRun.begin(folder, plan, mode, call.console()::warn);
    // Whatever ends the process from here on, the nodes end in good order.
    CountDownLatch ended = new CountDownLatch(1);
    Thread stop = new Thread(() -> stop(run, ended), "devnet-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      new Readiness(folder, plan, run.isNew()).await(READY_MILLIS_MAX);
      publish(run);
    } catch (Failure | IOException notReady) {
      Runtime.getRuntime().removeShutdownHook(stop);
      run.close();
      throw notReady;
    }
    ended.await();
    return 0;
  }

  private void publish(DevnetRun run) throws Failure, IOException {
    ProcessMark self = ProcessMark.of(ProcessHandle.current());
    long ready = Duration.between(self.started(), Instant.now()).toMillis();
    Json.Obj document =
        new DevnetDocument(folder, plan).of(new DevnetDocument.Running(mode, self, ready));
    DevnetDocument.write(folder.documentFile(), document);
    Optional<String> other = otherNetwork();
    other.ifPresent(
        root -> call.console().note("note: commands now go to this network, no longer to " + root));
    DevnetDocument.write(Devnet.register(call.session()), document);
    if (call.console().isJson()) {
      call.console().document(document);
    } else {
      tell(call.console(), document);
      call.console().note("Stop: Ctrl-C, or undchain devnet stop. The state is kept.");
    }
    run.watch();
  }

  /** The folder of another network that is registered here and still runs. */
  private Optional<String> otherNetwork() throws IOException {
    try {
      return Devnet.running(call.session())
          .filter(devnet -> devnet.keeper().isPresent())
          .flatMap(Devnet::dataDir)
          .filter(root -> !root.equals(folder.root().toString()));
    } catch (Failure damaged) {
      return Optional.empty();
    }
  }

  /** On its own thread when the process ends. A network that was asked to end and did, did well. */
  private void stop(DevnetRun run, CountDownLatch ended) {
    if (!isStopping.compareAndSet(false, true)) {
      return;
    }
    run.close();
    try {
      unregister(call, folder);
    } catch (IOException left) {
      call.console().warn("the register could not be removed: " + left.getMessage());
    }
    ended.countDown();
    Runtime.getRuntime().halt(0);
  }

  /** Removes both documents of a network that has ended. */
  static void unregister(Call call, DevnetFolder folder) throws IOException {
    Files.deleteIfExists(folder.documentFile());
    Path register = Devnet.register(call.session());
    try {
      boolean isOurs =
          Devnet.running(call.session())
              .flatMap(Devnet::dataDir)
              .filter(root -> root.equals(folder.root().toString()))
              .isPresent();
      if (isOurs) {
        Files.deleteIfExists(register);
      }
    } catch (Failure damaged) {
      Files.deleteIfExists(register);
    }
  }

  /** The network in a few lines for a person. */
  static void tell(Console console, Json.Obj document) {
    List<String> kinds = new ArrayList<>();
    for (String role : List.of("validator", "passive", "partner")) {
      long count =
          document.objects("nodes").stream()
              .filter(node -> node.text("role").equals(Optional.of(role)))
              .count();
      kinds.add(count + " " + role + (count == 1 ? "" : "s"));
    }
    long slot = document.integer("slotMillis").orElse(0L);
    long period = slot * document.integer("periodSlots").orElse(0L) / 1000;
    console.line(
        "UndChain devnet   seed "
            + document.text("seed").orElse("")
            + "   "
            + String.join(", ", kinds)
            + "   slot "
            + slot
            + " ms   pay period "
            + period
            + " s");
    console.line("Data      " + document.text("dataDir").orElse(""));
    console.line("API       " + document.text("api").orElse(""));
    List<String> names =
        document.objects("accounts").stream()
            .map(account -> account.text("name").orElse(""))
            .toList();
    console.line("Accounts  " + String.join(", ", names) + "   PUBLIC TEST KEYS, 1000 UND each");
    console.line("Ready in  " + document.integer("readyMillis").orElse(0L) + " ms");
    console.line("Try       undchain store README.md");
  }
}
