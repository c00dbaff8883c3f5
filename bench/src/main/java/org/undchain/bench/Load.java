package org.undchain.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The clients of a network, and what they do together. */
final class Load implements AutoCloseable {
  private final List<LoadClient> clients = new ArrayList<>();
  private final int batch;

  /**
   * @param batch entries that share a signature; 1 for one each
   */
  Load(int batch) {
    this.batch = batch;
  }

  void add(LoadClient client) {
    clients.add(client);
  }

  List<LoadClient> clients() {
    return clients;
  }

  /** Signs ahead what a load of so many entries a second will hand in. */
  void signAhead(double perSecond, int seconds) throws InterruptedException {
    together(
        clients.stream()
            .<Callable<Boolean>>map(client ->
                () -> {
                  client.signAhead(perSecond / clients.size(), seconds);
                  return true;
                })
            .toList());
  }

  /** Keeps so many entries unanswered. */
  void closed(int unanswered, int seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    int busy = Math.min(clients.size(), Math.max(1, unanswered / batch));
    int share = Math.max(1, unanswered / busy);
    together(
        clients.subList(0, busy).stream()
            .<Callable<Boolean>>map(client ->
                () -> {
                  client.closedLoop(share, end);
                  return true;
                })
            .toList());
  }

  /** Hands in so many entries a second, answered or not. */
  void open(double rate, int seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    together(
        clients.stream()
            .<Callable<Boolean>>map(client ->
                () -> {
                  client.openLoop(rate / clients.size(), end);
                  return true;
                })
            .toList());
  }

  private static void together(List<Callable<Boolean>> drivers) throws InterruptedException {
    try (ExecutorService threads = Executors.newFixedThreadPool(drivers.size())) {
      for (Future<Boolean> driver : threads.invokeAll(drivers)) {
        await(driver);
      }
    }
  }

  static void await(Future<Boolean> driver) throws InterruptedException {
    try {
      driver.get();
    } catch (ExecutionException bug) {
      throw new IllegalStateException("a driver of the load failed", bug);
    }
  }

  @Override
  public void close() {
    clients.forEach(LoadClient::close);
  }
}
