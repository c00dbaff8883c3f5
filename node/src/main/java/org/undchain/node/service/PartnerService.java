package org.undchain.node.service;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.undchain.node.api.ApiException;
import org.undchain.node.api.ApiServer;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.NodeFile;
import org.undchain.node.log.LogFile;
import org.undchain.node.partner.PartnerNode;
import org.undchain.node.store.StoreException;
import org.undchain.utilities.storage.StorageException;

/** A partner with the door of its numbers and its log. */
final class PartnerService implements NodeService {
  private final String name;
  private final PartnerNode node;
  private final ApiServer api;
  private final LogFile log;

  private PartnerService(String name, PartnerNode node, ApiServer api, LogFile log) {
    this.name = name;
    this.node = node;
    this.api = api;
    this.log = log;
  }

  /**
   * @param log closed with the service
   */
  static PartnerService start(
      Shared shared, NodeFile file, LogFile log, Consumer<Throwable> onFatal)
      throws ConfigException, StoreException, ApiException {
    PartnerNode node = start(shared, file, onFatal);
    try {
      ApiServer api = ApiServer.ofMetrics(file.apiSocket(), file.name(), node::metricsText);
      return new PartnerService(file.name(), node, api, log);
    } catch (ApiException refused) {
      node.close();
      throw refused;
    }
  }

  private static PartnerNode start(Shared shared, NodeFile file, Consumer<Throwable> onFatal)
      throws ConfigException, StoreException {
    PartnerNode.Offer usual = PartnerNode.Offer.USUAL;
    PartnerNode.Offer offer =
        new PartnerNode.Offer(
            file.offering().quotaBytes(),
            file.offering().unitPriceGrains(),
            usual.creditUnits(),
            usual.keepSlots(),
            usual.readBytesPerSecond());
    try {
      return PartnerNode.start(
          shared.machinery(),
          new PartnerNode.Setting(
              file.name(),
              file.data(),
              shared.chain(),
              NodeService.resolved(file.listen()),
              Optional.of(NodeFile.hostAndPort(file.advertise())),
              offer,
              shared.clock(),
              List.of(),
              bytes -> {},
              onFatal));
    } catch (StorageException refused) {
      throw new ConfigException(
          1414,
          "the shards in " + file.data() + " cannot be used",
          String.valueOf(refused.getMessage()),
          List.of("ls -l " + file.data(), "choose another data folder"));
    }
  }

  @Override
  public void close() {
    api.close();
    node.close();
    LogFile.of(name).info("event=stopped reason=asked");
    log.close();
  }
}
