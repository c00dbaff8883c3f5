package org.undchain.bench.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.ledger.Chain;
import org.undchain.core.value.BlockTime;
import org.undchain.node.api.ApiException;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.net.Readiness;
import org.undchain.node.client.ClientException;
import org.undchain.node.client.ClientNode;
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
import org.undchain.node.service.NodeService;
import org.undchain.node.store.StoreException;

/** Four validators and ten storage partners, and clients of them, in this process. */
final class StoreNetwork implements AutoCloseable {
  /** Two more than hold the object: one whose bid is late, or that is slow, does not end it. */
  static final int PARTNERS = 10;

  private static final DevnetShape SHAPE = new DevnetShape(4, 1, 0, PARTNERS, 1000, 600, 7);
  private static final long WAIT_MILLIS = 60_000;

  private final Path folder;
  private final LogFile log;
  private final Machinery machinery = Machinery.start();
  private final BlockClock clock;
  private final Chain chain;
  private final DevnetPlan plan;
  private final List<NodeService> nodes = new ArrayList<>();

  private StoreNetwork(Path folder, DevnetFolder files, DevnetPlan plan, BlockClock clock)
      throws ConfigException {
    this.folder = folder;
    this.plan = plan;
    this.clock = clock;
    this.log = LogFile.ofProcess(files.processLog(), NodeFile.LogLevel.WARN);
    this.chain = ChainFiles.load(files.genesisFile(), files.rulesFile(), machinery.signatures());
  }

  /**
   * Returns when every validator has all partners on its list.
   *
   * @param folder that is there
   */
  static StoreNetwork start(Path folder)
      throws ConfigException, StoreException, IOException, InterruptedException {
    DevnetFolder files = new DevnetFolder(folder.resolve("net"));
    BlockTime t0 = new BlockTime(System.currentTimeMillis());
    DevnetPlan plan = Founding.make(files, SHAPE, t0);
    StoreNetwork network = new StoreNetwork(folder, files, plan, BlockClock.from(t0));
    try {
      for (DevnetNode node : plan.nodes()) {
        network.add(files, node);
      }
      new Readiness(files, plan, true).await(WAIT_MILLIS);
      return network;
    } catch (Failure unready) {
      network.close();
      throw new IllegalStateException("the network does not begin", unready);
    } catch (ConfigException | IOException | InterruptedException | RuntimeException refused) {
      network.close();
      throw refused;
    }
  }

  private void add(DevnetFolder files, DevnetNode node) throws ConfigException, StoreException {
    try {
      nodes.add(
          NodeService.start(
              new NodeService.Shared(machinery, chain, clock),
              NodeFile.load(files.nodeFile(node.name())),
              failure -> System.err.println(node.name() + " has stopped itself: " + failure)));
    } catch (ApiException refused) {
      throw new IllegalStateException("the API of " + node.name() + " cannot be opened", refused);
    }
  }

  Path clientHome() {
    return folder.resolve("client");
  }

  /** A client that the validators answer. */
  ClientNode client() throws ConfigException, StoreException, InterruptedException {
    ClientNode client =
        ClientNode.start(
            machinery,
            new ClientNode.Setting(
                clientHome(), chain, machinery.signer(plan.accounts().getFirst().secret()), clock));
    try {
      client.awaitValidators();
      return client;
    } catch (ClientException failed) {
      client.close();
      throw new IllegalStateException("the validators do not answer", failed);
    }
  }

  @Override
  public void close() {
    nodes.reversed().forEach(NodeService::close);
    machinery.close();
    log.close();
  }
}
