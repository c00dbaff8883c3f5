package org.undchain.node.service;

import java.util.List;
import java.util.function.Consumer;
import org.undchain.node.api.ApiException;
import org.undchain.node.api.ApiServer;
import org.undchain.node.api.ChainView;
import org.undchain.node.api.NameBook;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.KeyFile;
import org.undchain.node.config.NodeFile;
import org.undchain.node.log.LogFile;
import org.undchain.node.store.StoreException;
import org.undchain.node.validator.ValidatorNode;

/** A validator with its API and its log. */
final class ValidatorService implements NodeService {
  private final String name;
  private final ValidatorNode node;
  private final ApiServer api;
  private final LogFile log;

  private ValidatorService(String name, ValidatorNode node, ApiServer api, LogFile log) {
    this.name = name;
    this.node = node;
    this.api = api;
    this.log = log;
  }

  /**
   * @param log closed with the service
   */
  static ValidatorService start(
      Shared shared, NodeFile file, LogFile log, Consumer<Throwable> onFatal)
      throws ConfigException, StoreException, ApiException {
    LateArchive archive = new LateArchive();
    var identity =
        shared
            .machinery()
            .signer(KeyFile.load(ValidatorNode.keysOf(file.data()).resolve("identity.key")))
            .id();
    ChainView view =
        ChainView.of(shared.chain(), ChainFiles.envelope(file.genesis()), identity, archive);
    ValidatorNode node =
        ValidatorNode.start(
            shared.machinery(),
            new ValidatorNode.Setting(
                file.name(),
                file.data(),
                shared.chain(),
                NodeService.resolved(file.listen()),
                shared.clock(),
                List.of(view::accept),
                onFatal));
    archive.open(node.archive());
    try {
      ApiServer api =
          ApiServer.start(file.apiSocket(), view, new NameBook(file.names()), node::metricsText);
      return new ValidatorService(file.name(), node, api, log);
    } catch (ApiException refused) {
      node.close();
      throw refused;
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
