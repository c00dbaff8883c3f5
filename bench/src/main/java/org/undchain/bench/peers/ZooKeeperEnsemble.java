package org.undchain.bench.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.server.admin.AdminServer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.apache.zookeeper.util.ServiceUtils;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.FreePorts;

/**
 * ZooKeeper as it comes: every server forces its log before it answers. A command sets the value of
 * one of some nodes; each server has a client of its own, and they take turns.
 */
final class ZooKeeperEnsemble implements Ensemble {
  private static final String HOST = "127.0.0.1";
  private static final int NODES = 64;
  private static final int SESSION_MILLIS = 30_000;
  private static final int START_SECONDS = 60;

  private final List<Server> servers = new ArrayList<>();
  private final List<ZooKeeper> clients = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final byte[] value = new byte[Peer.COMMAND_BYTES];

  private ZooKeeperEnsemble() {
    new Random(1).nextBytes(value);
  }

  /** Returns when every server is in the quorum and all nodes are there. */
  static ZooKeeperEnsemble start(int count, Path data)
      throws ConfigException, IOException, InterruptedException {
    ServiceUtils.setSystemExitProcedure(ServiceUtils.LOG_ONLY); // a server must not end us
    List<Integer> ports = FreePorts.choose(3 * count);
    ZooKeeperEnsemble ensemble = new ZooKeeperEnsemble();
    try {
      for (int i = 0; i < count; i++) {
        ensemble.servers.add(Server.start(config(i, count, ports, data)));
      }
      for (int i = 0; i < count; i++) {
        ensemble.clients.add(connect(ports.get(i)));
      }
      for (int i = 0; i < NODES; i++) {
        ensemble
            .clients
            .getFirst()
            .create(node(i), ensemble.value, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      }
      return ensemble;
    } catch (KeeperException refused) {
      ensemble.close();
      throw new IOException("the servers of ZooKeeper took no node", refused);
    } catch (IOException | InterruptedException | RuntimeException refused) {
      ensemble.close();
      throw refused;
    }
  }

  private static String node(int number) {
    return "/node" + number;
  }

  /** Of the ports the first are for clients, then two for each server. */
  private static QuorumPeerConfig config(int number, int count, List<Integer> ports, Path data)
      throws IOException {
    Path own = Files.createDirectory(data.resolve("server" + number));
    Files.writeString(own.resolve("myid"), Integer.toString(number), StandardCharsets.UTF_8);
    Properties properties = new Properties();
    properties.setProperty("dataDir", own.toString());
    properties.setProperty("tickTime", "2000");
    properties.setProperty("initLimit", "20");
    properties.setProperty("syncLimit", "20");
    properties.setProperty("clientPortAddress", HOST);
    properties.setProperty("clientPort", ports.get(number).toString());
    properties.setProperty("admin.enableServer", "false");
    properties.setProperty("snapCount", "1000000");
    for (int i = 0; i < count; i++) {
      int first = ports.get(count + 2 * i);
      int second = ports.get(count + 2 * i + 1);
      properties.setProperty("server." + i, HOST + ":" + first + ":" + second);
    }
    QuorumPeerConfig config = new QuorumPeerConfig();
    try {
      config.parseProperties(properties);
    } catch (QuorumPeerConfig.ConfigException wrong) {
      throw new IOException("ZooKeeper refuses its configuration", wrong);
    }
    return config;
  }

  private static ZooKeeper connect(int port) throws IOException, InterruptedException {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
    CountDownLatch connected = new CountDownLatch(1);
    ZooKeeper client =
        new ZooKeeper(
            HOST + ":" + port,
            SESSION_MILLIS,
            event -> {
              if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                connected.countDown();
              }
            },
            config);
    if (!connected.await(START_SECONDS, TimeUnit.SECONDS)) {
      client.close();
      throw new IOException("a server of ZooKeeper took no client in " + START_SECONDS + " s");
    }
    return client;
  }

  @Override
  public void submit(Consumer<Boolean> done) {
    int number = turn.getAndIncrement() & Integer.MAX_VALUE;
    clients
        .get(number % clients.size())
        .setData(
            node(number % NODES),
            value,
            -1,
            (code, path, context, stat) -> done.accept(code == KeeperException.Code.OK.intValue()),
            this);
  }

  @Override
  public void close() throws IOException {
    try {
      for (ZooKeeper client : clients) {
        client.close();
      }
      for (Server server : servers) {
        server.close();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ZooKeeper was ended", stopped);
    }
  }

  /** A server on a thread of its own, which it keeps until it is closed. */
  private record Server(QuorumPeerMain main, Thread thread) {
    static Server start(QuorumPeerConfig config) {
      QuorumPeerMain main = new QuorumPeerMain();
      Thread thread =
          Thread.ofPlatform()
              .name("zookeeper-" + config.getServerId())
              .daemon()
              .start(() -> run(main, config));
      return new Server(main, thread);
    }

    private static void run(QuorumPeerMain main, QuorumPeerConfig config) {
      try {
        main.runFromConfig(config);
      } catch (IOException | AdminServer.AdminServerException failed) {
        throw new IllegalStateException("a server of ZooKeeper failed", failed);
      }
    }

    void close() throws InterruptedException {
      main.close();
      thread.join(TimeUnit.SECONDS.toMillis(START_SECONDS));
    }
  }
}
