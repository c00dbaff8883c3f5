package org.undchain.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.undchain.core.ledger.Chain;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.NodeFile;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.DevnetShape;
import org.undchain.node.devnet.Founding;
import org.undchain.node.log.LogFile;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.store.StoreException;
import org.undchain.node.validator.ValidatorNode;

/**
 * Validators as a user runs them - TLS on loopback, RocksDB with a synced log, every check on - in
 * this process, so that the JVM warms up once. Each has machinery of its own: they share no memory
 * of checked signatures, so each of them checks every one.
 */
final class BenchNetwork implements AutoCloseable {
  /**
   * With files of the usual size no more than 2 730 entries a slot are taken of clients that ask
   * three of four validators each (R4.3): the owner of a chain that is to carry more says so in its
   * rules. Four times as many signatures can be checked in a slot on two cores.
   */
  private static final int FILE_ENTRIES = 16_384;

  /** Slots of a second and a pay period of ten minutes. */
  private static final DevnetShape SHAPE = new DevnetShape(4, 1, 0, 0, 1000, 600, 7);

  private final DevnetPlan plan;
  private final BlockClock clock;
  private final Machinery clients = Machinery.start();
  private final Chain chain;
  private final LogFile log;
  private final List<Machinery> machineries = new ArrayList<>();
  private final List<ValidatorNode> validators = new ArrayList<>();
  private final List<ValidatorNode> killed = new ArrayList<>();
  private final List<Thread> undertakers = new ArrayList<>();
  private final Thread.@Nullable UncaughtExceptionHandler handlerBefore =
      Thread.getDefaultUncaughtExceptionHandler();

  private BenchNetwork(DevnetFolder folder, DevnetPlan plan, BlockClock clock)
      throws ConfigException {
    this.plan = plan;
    this.clock = clock;
    this.log = LogFile.ofProcess(folder.processLog(), NodeFile.LogLevel.WARN);
    this.chain = ChainFiles.load(folder.genesisFile(), folder.rulesFile(), clients.signatures());
  }

  /**
   * Makes a chain in a folder that is not there yet and starts its validators.
   *
   * @param listener hears what every validator tells, on the thread of each
   */
  static BenchNetwork start(int count, Path data, Consumer<ValidatorNotice> listener)
      throws ConfigException, StoreException, IOException {
    DevnetFolder folder = new DevnetFolder(data);
    DevnetShape shape =
        new DevnetShape(
                count,
                Math.min(SHAPE.known(), count),
                0,
                0,
                SHAPE.slotMillis(),
                SHAPE.periodSlots(),
                SHAPE.seed())
            .withFileEntries(FILE_ENTRIES);
    BlockTime t0 = new BlockTime(System.currentTimeMillis());
    DevnetPlan plan = Founding.make(folder, shape, t0);
    BenchNetwork network = new BenchNetwork(folder, plan, BlockClock.from(t0));
    try {
      for (DevnetNode node : plan.nodes()) {
        network.add(folder, node, listener);
      }
      return network;
    } catch (ConfigException | StoreException | RuntimeException refused) {
      network.close();
      throw refused;
    }
  }

  private void add(DevnetFolder folder, DevnetNode node, Consumer<ValidatorNotice> listener)
      throws ConfigException, StoreException {
    Machinery own = Machinery.start();
    machineries.add(own);
    Chain seen = ChainFiles.load(folder.genesisFile(), folder.rulesFile(), own.signatures());
    validators.add(
        ValidatorNode.start(
            own,
            new ValidatorNode.Setting(
                node.name(),
                NodeFile.load(folder.nodeFile(node.name())).data(),
                seen,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()),
                clock,
                List.of(listener),
                failure -> System.err.println(node.name() + " has stopped itself: " + failure))));
  }

  Chain chain() {
    return chain;
  }

  BlockClock clock() {
    return clock;
  }

  /** The slot of now. */
  long slot() {
    return Math.max(0, chain.calendar().slotAt(clock.now()));
  }

  /** Threads and provider for those who load the network. */
  Machinery clients() {
    return clients;
  }

  List<DevnetPlan.Account> accounts() {
    return plan.accounts();
  }

  /** Groups of records made durable so far, over all validators: one forced write each. */
  long groupsPersisted() {
    return Stream.concat(validators.stream(), killed.stream())
        .flatMap(validator -> validator.metricsText().lines())
        .filter(line -> line.startsWith("undchain_persist_seconds_count"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /**
   * Ends validators, the last first, as {@code kill -9} would as far as one process can: the
   * threads that move their bytes end first, so that sockets close in the middle of whatever they
   * carried and nothing that the machine says in its last turn leaves.
   */
  void kill(int count) {
    Thread.setDefaultUncaughtExceptionHandler(BenchNetwork::tell);
    for (int i = 0; i < count; i++) {
      Machinery threads = machineries.removeLast();
      ValidatorNode validator = validators.removeLast();
      killed.add(validator);
      undertakers.add(
          Thread.ofPlatform()
              .name("undertaker")
              .start(() -> {
                threads.threads().close();
                validator.close();
                threads.close();
              }));
    }
  }

  @Override
  public void close() {
    undertakers.forEach(BenchNetwork::join);
    Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
    validators.forEach(ValidatorNode::close);
    machineries.forEach(Machinery::close);
    clients.close();
    log.close();
  }

  /** The threads of the dead find that nobody does their work any more; that is no failure. */
  private static void tell(Thread thread, Throwable failure) {
    if (!(failure instanceof RejectedExecutionException)) {
      System.err.println("thread " + thread.getName() + " failed: " + failure);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }
}
