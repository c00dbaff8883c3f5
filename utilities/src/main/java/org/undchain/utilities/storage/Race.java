package org.undchain.utilities.storage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first {@code wanted} good answers of several partners: as many are asked as answers are
 * missing, another one for each that fails, and one more whenever nothing comes for a while.
 */
final class Race<T> {
  private final ExecutorService threads;
  private final Patience patience;
  private final Deque<Runner<T>> waiting;
  private final Map<Runner<T>, Future<?>> running = new LinkedHashMap<>();
  private final BlockingQueue<Finish<T>> finishes = new LinkedBlockingQueue<>();
  private final List<Finish<T>> won = new ArrayList<>();

  /** One who is asked. */
  interface Runner<T> {
    T run() throws StorageException, InterruptedException;

    /** It gave no good answer; {@link StorageReason#SLOW} if others were asked in its place. */
    void failed(StorageReason reason, String detail);
  }

  record Finish<T>(Runner<T> runner, @Nullable T answer, @Nullable Throwable failure) {}

  Race(ExecutorService threads, Patience patience, List<? extends Runner<T>> runners) {
    this.threads = threads;
    this.patience = patience;
    this.waiting = new ArrayDeque<>(runners);
  }

  /** At most {@code wanted} answers; fewer if the others fail or say nothing for the limit. */
  List<T> first(int wanted) throws InterruptedException {
    try {
      long heard = System.nanoTime();
      while (won.size() < wanted) {
        startMissing(wanted);
        if (running.isEmpty()) {
          break;
        }
        Finish<T> finish = finishes.poll(patience.hedge().toMillis(), TimeUnit.MILLISECONDS);
        if (finish != null) {
          heard = System.nanoTime();
          take(finish);
        } else if (!waiting.isEmpty()) {
          running.keySet().forEach(Race::late);
          startNext();
        } else if (Duration.ofNanos(System.nanoTime() - heard).compareTo(patience.limit()) > 0) {
          break;
        }
      }
      if (won.size() < wanted) {
        running.keySet().forEach(Race::late);
      }
      return won.stream().map(Finish::answer).map(Objects::requireNonNull).toList();
    } finally {
      running.values().forEach(future -> future.cancel(true));
    }
  }

  private void startMissing(int wanted) {
    while (won.size() + running.size() < wanted && !waiting.isEmpty()) {
      startNext();
    }
  }

  private void startNext() {
    Runner<T> runner = waiting.remove();
    running.put(runner, threads.submit(() -> finishes.add(run(runner))));
  }

  private void take(Finish<T> finish) {
    running.remove(finish.runner());
    Throwable failure = finish.failure();
    if (failure == null) {
      won.add(finish);
    } else if (failure instanceof StorageException known) {
      finish.runner().failed(known.reason(), String.valueOf(known.getMessage()));
    } else if (failure instanceof InterruptedException) {
      finish.runner().failed(StorageReason.CANCELLED, "interrupted");
    } else {
      throw new IllegalStateException("asking a partner broke", failure);
    }
  }

  private static <T> Finish<T> run(Runner<T> runner) {
    try {
      return new Finish<>(runner, runner.run(), null);
    } catch (StorageException | InterruptedException | RuntimeException failure) {
      return new Finish<>(runner, null, failure);
    }
  }

  private static void late(Runner<?> runner) {
    runner.failed(StorageReason.SLOW, "did not answer in time");
  }
}
