package org.undchain.node.devnet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.undchain.core.ledger.Chain;
import org.undchain.node.api.ApiException;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.NodeFile;
import org.undchain.node.log.LogFile;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.service.NodeService;
import org.undchain.node.store.StoreException;

/** A devnet whose nodes share one process, its threads and its memory of checked signatures. */
final class OneProcess implements Network {
  private final LogFile log;
  private final Machinery machinery;
  private final List<NodeService> nodes;

  private OneProcess(LogFile log, Machinery machinery, List<NodeService> nodes) {
    this.log = log;
    this.machinery = machinery;
    this.nodes = nodes;
  }

  static OneProcess start(
      DevnetFolder folder, DevnetPlan plan, BlockClock clock, Consumer<String> warn)
      throws ConfigException, StoreException {
    LogFile log = LogFile.ofProcess(folder.processLog(), NodeFile.LogLevel.INFO);
    Machinery machinery = Machinery.start();
    OneProcess network = new OneProcess(log, machinery, new ArrayList<>());
    try {
      Chain chain =
          ChainFiles.load(folder.genesisFile(), folder.rulesFile(), machinery.signatures());
      NodeService.Shared shared = new NodeService.Shared(machinery, chain, clock);
      network.startAll(shared, folder, plan, warn);
      return network;
    } catch (ConfigException | StoreException | RuntimeException refused) {
      network.close();
      throw refused;
    } catch (ApiException refused) {
      network.close();
      throw new ConfigException(
          1413,
          "an API cannot be opened",
          String.valueOf(refused.getMessage()),
          List.of("choose another --data"));
    }
  }

  /** As many at a time as there are cores: opening a store waits for the disk. */
  private void startAll(
      NodeService.Shared shared, DevnetFolder folder, DevnetPlan plan, Consumer<String> warn)
      throws ConfigException, StoreException, ApiException {
    List<Future<NodeService>> starting = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (DevnetNode node : plan.nodes()) {
        starting.add(
            threads.submit(() ->
                NodeService.start(
                    shared,
                    NodeFile.load(folder.nodeFile(node.name())),
                    failure -> warn.accept(node.name() + " has stopped itself: " + failure))));
      }
    }
    Optional<Throwable> refused = Optional.empty();
    for (Future<NodeService> one : starting) {
      switch (one.state()) {
        case SUCCESS -> nodes.add(one.resultNow());
        default -> refused = refused.or(() -> Optional.of(one.exceptionNow()));
      }
    }
    if (refused.isPresent()) {
      throwAsItIs(refused.get());
    }
  }

  private static void throwAsItIs(Throwable refused)
      throws ConfigException, StoreException, ApiException {
    switch (refused) {
      case ConfigException config -> throw config;
      case StoreException store -> throw store;
      case ApiException api -> throw api;
      case Error error -> throw error;
      default -> throw new IllegalStateException("a node of the devnet did not start", refused);
    }
  }

  /** A node that stops itself tells so from the start. */
  @Override
  public void watch() {}

  @Override
  public void close() {
    nodes.reversed().forEach(NodeService::close);
    machinery.close();
    log.close();
  }
}
