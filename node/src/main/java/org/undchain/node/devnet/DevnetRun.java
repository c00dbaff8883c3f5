package org.undchain.node.devnet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.undchain.core.value.BlockTime;
import org.undchain.node.config.ClockFile;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetDocument.Mode;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.store.StoreException;

/**
 * One run of a devnet, from its start to its end in good order. Holds the folder's lock, so no
 * second run begins while it lasts.
 */
public final class DevnetRun implements AutoCloseable {
  private final DevnetFolder folder;
  private final FileChannel lock;
  private final BlockClock clock;
  private final Network network;
  private final boolean isNew;
  private boolean isClosed;

  private DevnetRun(
      DevnetFolder folder, FileChannel lock, BlockClock clock, Network network, boolean isNew) {
    this.folder = folder;
    this.lock = lock;
    this.clock = clock;
    this.network = network;
    this.isNew = isNew;
  }

  /**
   * Starts all nodes.
   *
   * @param warn hears of nodes that end by themselves
   */
  public static DevnetRun begin(
      DevnetFolder folder, DevnetPlan plan, Mode mode, Consumer<String> warn)
      throws ConfigException, StoreException, IOException {
    FileChannel lock = lock(folder);
    try {
      refuseLeftOver(folder, plan);
      refuseTakenPorts(plan);
      boolean isNew = Resumption.isNew(folder);
      BlockTime start = Resumption.at(folder, plan);
      BlockClock clock = BlockClock.from(start);
      ClockFile.write(folder.clockFile(), new ClockFile.Running(clock.offsetMillis()));
      Network network =
          switch (mode) {
            case ONE_PROCESS -> OneProcess.start(folder, plan, clock, warn);
            case PROCESSES -> ManyProcesses.start(folder, plan, warn);
          };
      return new DevnetRun(folder, lock, clock, network, isNew);
    } catch (ConfigException | IOException | RuntimeException failure) {
      lock.close();
      throw failure;
    }
  }

  /** Whether the network ran for the first time. */
  public boolean isNew() {
    return isNew;
  }

  /** From now on the end of a node is worth a warning. */
  public void watch() {
    network.watch();
  }

  /** Ends all nodes and keeps the block time at which they ended. */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    network.close();
    try {
      ClockFile.write(folder.clockFile(), new ClockFile.Stopped(clock.now()));
      lock.close();
    } catch (IOException lost) {
      // The next run reads the block time from the nodes' disks.
    }
  }

  private static FileChannel lock(DevnetFolder folder) throws ConfigException, IOException {
    FileChannel channel =
        FileChannel.open(folder.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException held) {
      // by this very process
    }
    channel.close();
    throw new ConfigException(
        1410,
        "a devnet runs already in " + folder.root(),
        "two on one folder would sign with the same keys",
        List.of("undchain devnet stop --data " + folder.root(), "choose another --data"));
  }

  private static void refuseLeftOver(DevnetFolder folder, DevnetPlan plan)
      throws ConfigException, IOException {
    List<String> alive = new NodeProcesses(folder, plan).alive();
    if (!alive.isEmpty()) {
      throw new ConfigException(
          1412,
          "nodes of " + folder.root() + " still run: " + String.join(" ", alive),
          "whoever started them ended without ending them",
          List.of("undchain devnet stop --data " + folder.root()));
    }
  }

  private static void refuseTakenPorts(DevnetPlan plan) throws ConfigException {
    List<String> taken = new ArrayList<>();
    for (DevnetNode node : plan.nodes()) {
      if (!FreePorts.isFree(node.port())) {
        taken.add(node.port() + " of " + node.name());
      }
    }
    if (!taken.isEmpty()) {
      throw new ConfigException(
          1408,
          (taken.size() == 1 ? "a port is in use: " : "ports are in use: ")
              + String.join(", ", taken),
          "the genesis names where each node listens, and somebody else listens there",
          List.of("ss -ltnp, and stop what listens there", "choose another --data"));
    }
  }
}
