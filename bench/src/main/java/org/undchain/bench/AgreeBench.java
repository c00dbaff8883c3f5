package org.undchain.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.undchain.bench.profile.Profile;
import org.undchain.bench.profile.Work;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetPlan;

/**
 * How many entries a second validators agree on, and how soon. A closed loop keeps so many entries
 * unanswered (a promise of three stamps is the answer); the open loop hands in twice the highest
 * rate of the closed ones.
 */
final class AgreeBench {
  private static final long CONNECT_SECONDS = 60;
  private static final long FIRST_BLOCKS = 4;
  private static final long FUND_SECONDS = 120;

  private final Setting setting;
  private final PrintStream messages;
  private final Tally tally = new Tally();
  private final CommitWatch watch;
  private final List<LoadClient> clients = new ArrayList<>();

  /**
   * @param validators 4 to 10
   * @param batch entries that share a signature (R0.8); 1 for one each
   * @param payers accounts whose entries are handed in
   * @param clients connections that hand in
   * @param warmUp seconds before anything is measured
   * @param seconds of each row
   * @param unanswered a closed loop for each
   * @param openLoop entries a second; twice the highest closed loop if empty, no open loop if 0
   * @param profile file for a recording of the measured time, if one is asked for
   */
  record Setting(
      int validators,
      int batch,
      int payers,
      int clients,
      int warmUp,
      int seconds,
      List<Integer> unanswered,
      Optional<Long> openLoop,
      Optional<Path> profile) {
    Setting {
      unanswered = List.copyOf(unanswered);
    }
  }

  private AgreeBench(Setting setting, PrintStream messages) {
    this.setting = setting;
    this.messages = messages;
    this.watch = new CommitWatch(setting.validators());
  }

  /** Runs everything; the data folder is removed at the end. */
  static List<AgreeRow> run(Setting setting, PrintStream messages)
      throws ConfigException, IOException, InterruptedException {
    Path data = Files.createTempDirectory("undchain-bench-");
    AgreeBench bench = new AgreeBench(setting, messages);
    try (BenchNetwork network =
        BenchNetwork.start(setting.validators(), data.resolve("net"), bench.watch)) {
      return bench.measure(network);
    } finally {
      bench.watch.close();
      erase(data);
    }
  }

  private List<AgreeRow> measure(BenchNetwork network)
      throws ConfigException, IOException, InterruptedException {
    try {
      connect(network);
      fund(network);
      SignatureSpeed signatures = SignatureSpeed.measure(network.clients());
      Gauge gauge = new Gauge(network, tally, watch, setting, signatures);
      messages.printf("warming up for %d s%n", setting.warmUp());
      closedLoop(1000, setting.warmUp());
      return setting.profile().isEmpty()
          ? rows(gauge)
          : recorded(gauge, setting.profile().orElseThrow());
    } finally {
      clients.forEach(LoadClient::close);
    }
  }

  private List<AgreeRow> recorded(Gauge gauge, Path file) throws IOException, InterruptedException {
    try (Profile profile = Profile.start(file)) {
      List<AgreeRow> rows = rows(gauge);
      profile.stop(
          new Work(
              rows.stream().mapToLong(row -> row.entries().commit().getTotalCount()).sum(),
              setting.validators(),
              rows.stream().mapToLong(AgreeRow::groups).sum()));
      return rows;
    }
  }

  private List<AgreeRow> rows(Gauge gauge) throws InterruptedException {
    List<AgreeRow> rows = new ArrayList<>();
    double best = 0;
    for (int unanswered : setting.unanswered()) {
      messages.printf("closed loop, %d unanswered, %d s%n", unanswered, setting.seconds());
      gauge.begin();
      closedLoop(unanswered, setting.seconds());
      AgreeRow row = gauge.end("closed " + unanswered);
      best = Math.max(best, row.committedPerSecond());
      rows.add(row);
    }
    double rate = setting.openLoop().map(Long::doubleValue).orElse(2 * best);
    if (rate > 0) {
      messages.printf("open loop, %.0f/s, %d s%n", rate, setting.seconds());
      gauge.begin();
      openLoop(rate);
      rows.add(gauge.end(String.format(java.util.Locale.ROOT, "open %.0f/s", rate)));
    }
    return rows;
  }

  private void connect(BenchNetwork network) throws ConfigException, InterruptedException {
    for (int i = 0; i < setting.clients(); i++) {
      clients.add(new LoadClient(network, signer(network, "client " + i), tally, setting.batch()));
    }
    watch.begin(network, clients);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CONNECT_SECONDS);
    long blocks = 0;
    while (blocks < FIRST_BLOCKS || !clients.stream().allMatch(LoadClient::isConnected)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "the validators did not let the clients in, or make no blocks: " + blocks);
      }
      Thread.sleep(20);
      blocks += watch.read().blocks();
    }
  }

  /** The accounts of the genesis pay a first sum to each of the others, 16 a slot each (R4.2). */
  private void fund(BenchNetwork network) throws InterruptedException {
    messages.printf("paying a first sum to %d accounts%n", setting.payers());
    List<DevnetPlan.Account> rich = network.accounts();
    long each = rich.getFirst().balanceGrains() * rich.size() / (2L * setting.payers());
    Queue<NodeId> poor = new ConcurrentLinkedQueue<>();
    List<Payer> payers = new ArrayList<>();
    for (int i = 0; i < setting.payers(); i++) {
      Signer signer = signer(network, "payer " + i);
      poor.add(signer.id());
      payers.add(new Payer(network.chain(), signer, rich.getFirst().id()));
    }
    List<Payer> founders =
        rich.stream()
            .map(account ->
                new Payer(
                    network.chain(), network.clients().signer(account.secret()), account.id()))
            .toList();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FUND_SECONDS);
    Set<RejectCode> refused = EnumSet.noneOf(RejectCode.class);
    AtomicLong waiting = new AtomicLong();
    clients
        .getFirst()
        .onRefused(payment -> {
          poor.add(payment.payee());
          waiting.decrementAndGet();
        });
    long committed = 0;
    while (committed < setting.payers()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "only " + committed + " first sums were paid, refused: " + refused);
      }
      if (waiting.get() == 0) { // the next 16 of each
        for (Payer founder : founders) {
          for (int i = 0; i < LoadClient.PENDING_MAX && !poor.isEmpty(); i++) {
            clients
                .getFirst()
                .handIn(
                    founder, founder.payTo(poor.remove(), network.slot(), each), System.nanoTime());
            waiting.incrementAndGet();
          }
        }
      }
      Thread.sleep(20);
      Tally.Reading reading = tally.read();
      committed += reading.commit().getTotalCount();
      waiting.addAndGet(-reading.commit().getTotalCount());
      refused.addAll(reading.refused().keySet());
    }
    for (int i = 0; i < payers.size(); i++) {
      clients.get(i % clients.size()).add(payers.get(i));
    }
  }

  private void closedLoop(int unanswered, int seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    int busy = Math.min(clients.size(), Math.max(1, unanswered / setting.batch()));
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

  private void openLoop(double rate) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(setting.seconds());
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
        driver.get();
      }
    } catch (ExecutionException bug) {
      throw new IllegalStateException("a driver of the load failed", bug);
    }
  }

  private static Signer signer(BenchNetwork network, String name) {
    Bytes text = Bytes.wrap(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return network.clients().signer(Hashes.tagged("undchain bench", text).bytes());
  }

  private static void erase(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
