package org.undchain.utilities.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Leaves the sealed manifest, a shard of one piece, with all partners at once. */
final class ManifestRound {
  private final Patience patience;
  private final SkippedPartners skipped;

  ManifestRound(Patience patience, SkippedPartners skipped) {
    this.patience = patience;
    this.skipped = skipped;
  }

  /** The partners that have it on disk. */
  List<NodeId> put(Bytes sealed, Hash root, Collection<ShardDoor> doors)
      throws InterruptedException {
    List<NodeId> holders = new ArrayList<>();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Map<NodeId, Future<Boolean>> running = new LinkedHashMap<>();
      for (ShardDoor door : doors) {
        running.put(door.partner(), threads.submit(() -> put(sealed, root, door)));
      }
      for (Map.Entry<NodeId, Future<Boolean>> entry : running.entrySet()) {
        if (isHeld(entry.getKey(), entry.getValue())) {
          holders.add(entry.getKey());
        }
      }
    } finally {
      threads.shutdownNow();
      threads.close();
    }
    return holders;
  }

  private boolean isHeld(NodeId partner, Future<Boolean> put) throws InterruptedException {
    try {
      return put.get(patience.limit().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      skipped.add(new Skipped(partner, StorageReason.SLOW, "did not keep the manifest in time"));
      return false;
    } catch (ExecutionException bug) {
      throw new IllegalStateException("leaving the manifest broke", bug.getCause());
    }
  }

  private boolean put(Bytes sealed, Hash root, ShardDoor door) {
    try (ShardSink sink = door.open(sealed.size(), root)) {
      sink.write(sealed.toByteArray());
      sink.finish(root);
      return true;
    } catch (StorageException failure) {
      skipped.add(
          new Skipped(door.partner(), failure.reason(), String.valueOf(failure.getMessage())));
      return false;
    } catch (InterruptedException ended) {
      return false;
    }
  }
}
