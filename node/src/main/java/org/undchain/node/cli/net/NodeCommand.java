package org.undchain.node.cli.net;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.undchain.node.api.ApiException;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Failures;
import org.undchain.node.cli.Option;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.NodeFile;
import org.undchain.node.log.LogFile;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.service.NodeService;
import org.undchain.node.store.StoreException;

/** Runs one validator or partner from its configuration until the process is told to end. */
public final class NodeCommand implements Command {
  private final NodeFile.Role role;

  public NodeCommand(NodeFile.Role role) {
    this.role = role;
  }

  @Override
  public String usage() {
    return "run --config FILE";
  }

  @Override
  public String summary() {
    return "run one " + role.word() + " from its configuration";
  }

  @Override
  public List<String> examples() {
    return List.of("undchain " + role.word() + " run --config node.toml");
  }

  @Override
  public List<Option> options() {
    return List.of(new Option("--config", "FILE", "the node's configuration"));
  }

  @Override
  public int run(Call call) throws Failure, IOException, InterruptedException {
    String action = call.arguments().operand(0, "what to do with a " + role.word());
    call.arguments().refuseMoreThan(1);
    if (!action.equals("run")) {
      throw Failure.usage(
          "\"" + role.word() + " " + action + "\" is unknown",
          "a " + role.word() + " can be run",
          "undchain " + role.word() + " run --config FILE");
    }
    Path file =
        call.arguments()
            .text("--config")
            .map(call.session()::path)
            .orElseThrow(() ->
                Failure.usage(
                    "--config is missing",
                    "a node is what its configuration says",
                    "undchain " + role.word() + " run --config node.toml"));
    try {
      return run(call, file, NodeFile.load(file));
    } catch (ConfigException refused) {
      throw Failures.of(refused);
    } catch (StoreException refused) {
      throw Failures.of(refused);
    } catch (ApiException refused) {
      throw Failure.local(
          1413, "API", "the API cannot be opened", String.valueOf(refused.getMessage()));
    }
  }

  private int run(Call call, Path config, NodeFile file)
      throws Failure, ConfigException, StoreException, ApiException, InterruptedException {
    if (file.role() != role) {
      throw Failure.local(
          NodeFile.CODE,
          "OTHER_ROLE",
          file.name() + " is a " + file.role().word(),
          "its configuration says so",
          "undchain " + file.role().word() + " run --config FILE");
    }
    CountDownLatch ended = new CountDownLatch(1);
    AtomicReference<Throwable> fatal = new AtomicReference<>();
    try (LogFile log = LogFile.ofProcess(file.logFile(), file.logLevel());
        Machinery machinery = Machinery.start()) {
      NodeService node =
          NodeService.start(
              NodeService.Shared.of(machinery, file),
              file,
              failure -> {
                fatal.set(failure);
                ended.countDown();
              });
      Thread stop = new Thread(() -> stop(node), "node-stop");
      Runtime.getRuntime().addShutdownHook(stop);
      call.console().note(file.name() + " runs at " + NodeFile.hostAndPort(file.listen()));
      ended.await();
      Runtime.getRuntime().removeShutdownHook(stop);
      node.close();
    }
    throw Failures.stopped(
        file.name(),
        file.data(),
        file.logFile(),
        "undchain " + role.word() + " run --config " + config,
        Objects.requireNonNull(fatal.get()));
  }

  /** When the process is told to end: in good order, and that is a success. */
  private static void stop(NodeService node) {
    node.close();
    Runtime.getRuntime().halt(0);
  }
}
