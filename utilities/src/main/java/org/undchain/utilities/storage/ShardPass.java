package org.undchain.utilities.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One reading of an object from its first segment to its last, every segment handed to all workers.
 *
 * <p>The slowest partner sets the pace; one that stands still for the whole limit is given up.
 */
final class ShardPass {
  private final SegmentReader segments;
  private final ObjectLayout layout;
  private final Patience patience;
  private final StorageProgress progress;

  ShardPass(
      SegmentReader segments, ObjectLayout layout, Patience patience, StorageProgress progress) {
    this.segments = segments;
    this.layout = layout;
    this.patience = patience;
    this.progress = progress;
  }

  /** Ends when all workers have finished or are lost, or fewer than {@code enough} are left. */
  void run(List<ShardWorker> workers, int enough) throws StorageException, InterruptedException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<?>> running = new ArrayList<>();
      for (ShardWorker worker : workers) {
        running.add(threads.submit(worker));
      }
      for (int i = 0; i < layout.segments() && left(workers) >= enough; i++) {
        hand(segments.read(i), workers, running);
        progress.advanced(layout.segmentStart(i) + layout.plainBytes(i), layout.size());
      }
      if (left(workers) >= enough) {
        await(workers, running);
      }
    } finally {
      threads.shutdownNow();
      threads.close();
    }
  }

  private void hand(Segment segment, List<ShardWorker> workers, List<Future<?>> running)
      throws InterruptedException {
    for (int i = 0; i < workers.size(); i++) {
      ShardWorker worker = workers.get(i);
      if (!worker.offer(segment, patience.limit())) {
        worker.lose(StorageReason.SLOW, "took no piece for " + patience.limit());
        running.get(i).cancel(true);
      }
    }
  }

  private void await(List<ShardWorker> workers, List<Future<?>> running)
      throws InterruptedException {
    for (int i = 0; i < workers.size(); i++) {
      ShardWorker worker = workers.get(i);
      try {
        running.get(i).get(patience.limit().toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException slow) {
        worker.lose(StorageReason.SLOW, "did not finish within " + patience.limit());
        running.get(i).cancel(true);
      } catch (CancellationException lost) {
        worker.lose(StorageReason.SLOW, "was given up");
      } catch (ExecutionException bug) {
        throw new IllegalStateException("a shard worker broke", bug.getCause());
      }
    }
  }

  private static long left(List<ShardWorker> workers) {
    return workers.stream().filter(worker -> !worker.isLost()).count();
  }
}
