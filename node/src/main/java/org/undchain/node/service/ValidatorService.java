package org.undchain.node.service;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.node.api.ApiException;
import org.undchain.node.api.ApiServer;
import org.undchain.node.api.ChainView;
import org.undchain.node.api.NameBook;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.KeyFile;
import org.undchain.node.config.NodeFile;
import org.undchain.node.store.StoreException;
import org.undchain.node.validator.ValidatorNode;

/** A validator with its API and its log. */
final class ValidatorService implements NodeService {
  private static final Logger LOG = LoggerFactory.getLogger(ValidatorService.class);

  private final String name;
  private final ValidatorNode node;
  private final ApiServer api;

  private ValidatorService(String name, ValidatorNode node, ApiServer api) {
    this.name = name;
    this.node = node;
    this.api = api;
  }

  static ValidatorService start(Shared shared, NodeFile file, Consumer<Throwable> onFatal)
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
                List.of(view::accept, notice -> log(file.name(), notice)),
                onFatal));
    archive.open(node.archive());
    try {
      ApiServer api = ApiServer.start(file.apiSocket(), view, new NameBook(file.names()), () -> "");
      LOG.info("node={} role=validator state=started listen={}", file.name(), file.listen());
      return new ValidatorService(file.name(), node, api);
    } catch (ApiException refused) {
      node.close();
      throw refused;
    }
  }

  private static void log(String node, ValidatorNotice notice) {
    switch (notice) {
      case ValidatorNotice.Began began ->
          LOG.info("node={} state=began height={} slot={}", node, began.height(), began.slot());
      case ValidatorNotice.BlockCommitted committed ->
          LOG.debug(
              "node={} state=committed height={} slot={} round={}",
              node,
              committed.block().header().getHeight(),
              committed.block().header().getSlot(),
              committed.block().qc().getRound());
      case ValidatorNotice.Synced(boolean isSynced, long height) ->
          LOG.info("node={} synced={} height={}", node, isSynced, height);
      case ValidatorNotice.BreachFound(int code, var entry) ->
          LOG.warn("node={} breach=E{} entry={}", node, code, entry.hex());
      case ValidatorNotice.VoteBegan vote -> {}
      case ValidatorNotice.PeerTip tip -> {}
      case ValidatorNotice.PartnersChanged changed ->
          LOG.info("node={} partnersChanged={}", node, changed.changes().size());
    }
  }

  @Override
  public void close() {
    api.close();
    node.close();
    LOG.info("node={} state=stopped", name);
  }
}
