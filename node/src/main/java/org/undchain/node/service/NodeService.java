package org.undchain.node.service;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.undchain.core.ledger.Chain;
import org.undchain.node.api.ApiException;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.ClockFile;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.NodeFile;
import org.undchain.node.log.LogFile;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.store.StoreException;

/** A running node, whatever its role, until it is closed. */
public sealed interface NodeService extends AutoCloseable permits ValidatorService, PartnerService {

  /**
   * What nodes of one process share.
   *
   * @param chain the one they belong to
   * @param clock block time
   */
  record Shared(Machinery machinery, Chain chain, BlockClock clock) {

    /** What a node needs that is alone in its process. */
    public static Shared of(Machinery machinery, NodeFile file) throws ConfigException {
      Chain chain = ChainFiles.load(file.genesis(), file.rules(), machinery.signatures());
      return new Shared(machinery, chain, clockOf(file));
    }
  }

  /**
   * Starts a node; it serves its peers and its API when this returns.
   *
   * @param onFatal hears why the node has stopped itself
   */
  static NodeService start(Shared shared, NodeFile file, Consumer<Throwable> onFatal)
      throws ConfigException, StoreException, ApiException {
    LogFile log = LogFile.ofNode(file.name(), file.logFile(), file.logLevel());
    try {
      NodeService node =
          switch (file.role()) {
            case VALIDATOR -> ValidatorService.start(shared, file, log, onFatal);
            case PARTNER -> PartnerService.start(shared, file, log, onFatal);
          };
      LogFile.of(file.name())
          .info(
              "event=started role={} listen={}",
              file.role().word(),
              NodeFile.hostAndPort(file.listen()));
      return node;
    } catch (ConfigException | StoreException | ApiException | RuntimeException refused) {
      log.close();
      throw refused;
    }
  }

  private static BlockClock clockOf(NodeFile file) throws ConfigException {
    if (file.clock().isEmpty()) {
      return BlockClock.wall(0);
    }
    return switch (ClockFile.read(file.clock().get())) {
      case ClockFile.Running(long offset) -> BlockClock.wall(offset);
      case ClockFile.Stopped stopped ->
          throw new ConfigException(
              1402,
              "the network of " + file.name() + " is off",
              file.clock().get() + " says when it stopped, and no time passes until it is resumed",
              List.of("undchain devnet --processes --data DIR"));
    };
  }

  /** Where a node listens, resolved. */
  static InetSocketAddress resolved(InetSocketAddress address) {
    return new InetSocketAddress(address.getHostString(), address.getPort());
  }

  @Override
  void close();
}
