package org.undchain.node.devnet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.node.config.ClockFile;
import org.undchain.node.config.ConfigException;
import org.undchain.node.store.RocksStore;
import org.undchain.node.store.StoreException;
import org.undchain.node.store.StoreOwner;

/**
 * Where a devnet's block time goes on: where it was stopped, so that the time it was off costs no
 * blocks; or, if it was not stopped in good order, at the newest block time any node has on its
 * disk, since nobody may live through a moment twice.
 */
final class Resumption {
  /**
   * A new network begins this long before its first cut-off: about as long as nodes take to find
   * each other, so that the first block is not waited for.
   */
  private static final long HEAD_START_MILLIS = 1200;

  private Resumption() {}

  static boolean isNew(DevnetFolder folder) {
    return !Files.exists(folder.clockFile());
  }

  static BlockTime at(DevnetFolder folder, DevnetPlan plan) throws ConfigException, StoreException {
    BlockTime start =
        plan.t0().plusMillis(Math.max(0, plan.shape().slotMillis() - HEAD_START_MILLIS));
    if (isNew(folder)) {
      return later(start, newestSeen(folder, plan));
    }
    return switch (ClockFile.read(folder.clockFile())) {
      case ClockFile.Stopped(BlockTime at) -> at;
      case ClockFile.Running unfinished -> later(start, newestSeen(folder, plan));
    };
  }

  private static Optional<BlockTime> newestSeen(DevnetFolder folder, DevnetPlan plan)
      throws StoreException {
    Hash chainId = GenesisBlock.context(plan.genesis()).chainId();
    Optional<BlockTime> newest = Optional.empty();
    for (DevnetNode node : plan.nodes()) {
      Path store = folder.nodeFolder(node.name()).resolve("store");
      if (!node.isPartner() && Files.exists(store)) {
        try (RocksStore opened = RocksStore.open(store, new StoreOwner(chainId, node.id()))) {
          Optional<BlockTime> soFar = newest;
          newest = opened.lastSeen().map(seen -> later(seen, soFar)).or(() -> soFar);
        }
      }
    }
    return newest;
  }

  private static BlockTime later(BlockTime one, Optional<BlockTime> other) {
    return other.filter(time -> one.isBefore(time)).orElse(one);
  }
}
