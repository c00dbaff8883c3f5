package org.undchain.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.undchain.bench.profile.Profile;
import org.undchain.bench.profile.Work;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.message.RejectCode;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.Folders;

/**
 * How many entries a second validators agree on, and how soon. A closed loop keeps so many entries
 * unanswered (a promise of three stamps is the answer); the open loop hands in twice the highest
 * rate of the closed ones; in the end validators may be killed under load.
 */
final class AgreeBench {
  private static final long CONNECT_SECONDS = 60;
  private static final long FIRST_BLOCKS = 4;
  private static final long FUND_SECONDS = 120;

  /** So long a load runs before it is measured. */
  private static final int LEAD_SECONDS = 3;

  /** Behind a death: one slot and so many delays until the next block (target 9). */
  private static final int DELAYS_ALLOWED = 4;

  /**
   * What is signed ahead, to what was committed in a second before: a row is faster than warming
   * up.
   */
  private static final double AHEAD = 1.25;

  private final Setting setting;
  private final PrintStream messages;
  private final Tally tally = new Tally();
  private final CommitWatch watch;
  private final Load load;
  private double perSecond; // committed, in the best load until now

  /**
   * @param validators 4 to 10
   * @param batch entries that share a signature (R0.8); 1 for one each
   * @param payers accounts whose entries are handed in
   * @param clients connections that hand in
   * @param profile file for a recording of the measured time, if one is asked for
   */
  record Setting(
      int validators, int batch, int payers, int clients, Phases phases, Optional<Path> profile) {}

  /**
   * What is done, one after the other.
   *
   * @param warmUp seconds before anything is measured
   * @param seconds of each row
   * @param unanswered a closed loop for each
   * @param kill so many validators in the middle of a closed loop, last of all
   */
  record Phases(
      int warmUp, int seconds, List<Integer> unanswered, Optional<OpenLoop> openLoop, int kill) {
    Phases {
      unanswered = List.copyOf(unanswered);
    }
  }

  /**
   * Entries handed in whether or not they are answered.
   *
   * @param perSecond so many a second, or
   * @param timesBest so many times what the best closed loop committed
   */
  record OpenLoop(Optional<Long> perSecond, double timesBest, int seconds) {
    double rate(double best) {
      return perSecond.map(Long::doubleValue).orElse(timesBest * best);
    }
  }

  private AgreeBench(Setting setting, PrintStream messages) {
    this.setting = setting;
    this.messages = messages;
    this.watch = new CommitWatch(setting.validators());
    this.load = new Load(setting.batch());
  }

  /** Runs everything; the data folder is removed at the end. */
  static AgreeResult run(Setting setting, PrintStream messages)
      throws ConfigException, IOException, InterruptedException {
    Path data = Files.createTempDirectory("undchain-bench-");
    AgreeBench bench = new AgreeBench(setting, messages);
    try (BenchNetwork network =
        BenchNetwork.start(setting.validators(), data.resolve("net"), bench.watch)) {
      return bench.measure(network);
    } finally {
      bench.watch.close();
      Folders.delete(data);
    }
  }

  private AgreeResult measure(BenchNetwork network)
      throws ConfigException, IOException, InterruptedException {
    try {
      connect(network);
      fund(network);
      SignatureSpeed signatures = SignatureSpeed.measure(network.clients());
      Gauge gauge = new Gauge(network, tally, watch, setting, signatures);
      messages.printf("warming up for %d s%n", setting.phases().warmUp());
      warmUp();
      return setting.profile().isEmpty()
          ? phases(network, gauge)
          : recorded(network, gauge, setting.profile().orElseThrow());
    } finally {
      load.close();
    }
  }

  private void warmUp() throws InterruptedException {
    long before = tally.allCommitted();
    int seconds = setting.phases().warmUp();
    load.closed(Collections.max(setting.phases().unanswered()), seconds);
    perSecond = (double) (tally.allCommitted() - before) / Math.max(1, seconds);
  }

  private AgreeResult recorded(BenchNetwork network, Gauge gauge, Path file)
      throws IOException, InterruptedException {
    try (Profile profile = Profile.start(file)) {
      long committed = tally.allCommitted();
      long groups = network.groupsPersisted();
      AgreeResult result = phases(network, gauge);
      profile.stop(
          new Work(
              tally.allCommitted() - committed,
              setting.validators(),
              network.groupsPersisted() - groups));
      return result;
    }
  }

  private AgreeResult phases(BenchNetwork network, Gauge gauge) throws InterruptedException {
    List<AgreeRow> rows = new ArrayList<>();
    double best = 0;
    for (int unanswered : setting.phases().unanswered()) {
      int seconds = setting.phases().seconds();
      messages.printf("closed loop, %d unanswered, %d s%n", unanswered, seconds);
      AgreeRow row =
          gauge(gauge, "closed " + unanswered, seconds, length -> load.closed(unanswered, length));
      best = Math.max(best, row.committedPerSecond());
      perSecond = Math.max(perSecond, best);
      rows.add(row);
    }
    Optional<Overload> overload = Optional.empty();
    if (setting.phases().openLoop().isPresent()) {
      overload = Optional.of(overload(setting.phases().openLoop().orElseThrow(), gauge, best));
      rows.add(overload.orElseThrow().row());
    }
    Optional<Killing> killing = Optional.empty();
    if (setting.phases().kill() > 0) {
      killing = Optional.of(kill(network, gauge));
      rows.add(killing.orElseThrow().before());
      rows.add(killing.orElseThrow().after());
    }
    return new AgreeResult(rows, overload, killing);
  }

  private Overload overload(OpenLoop loop, Gauge gauge, double best) throws InterruptedException {
    double rate = loop.rate(best);
    messages.printf("open loop, %.0f/s, %d s%n", rate, loop.seconds());
    AgreeRow row =
        gauge(
            gauge,
            String.format(Locale.ROOT, "open %.0f/s", rate),
            loop.seconds(),
            length -> load.open(rate, length));
    settle();
    return new Overload(row, best, tally.read());
  }

  private interface Driver {
    void run(int seconds) throws InterruptedException;
  }

  /**
   * A row of a load that was there before it begins and is there when it ends, so that entries on
   * their way count neither twice nor not at all; nothing is left of the load before it.
   */
  private AgreeRow gauge(Gauge gauge, String label, int seconds, Driver load)
      throws InterruptedException {
    try (ExecutorService driver = Executors.newSingleThreadExecutor()) {
      Future<Boolean> driving = begin(driver, load, seconds);
      gauge.begin();
      Load.await(driving);
      return gauge.end(label);
    }
  }

  /** Begins a load that lasts for so many seconds from the return on, when it has run a while. */
  private Future<Boolean> begin(ExecutorService driver, Driver load, int seconds)
      throws InterruptedException {
    settle();
    this.load.signAhead(AHEAD * perSecond, LEAD_SECONDS + seconds);
    Future<Boolean> driving =
        driver.submit(() -> {
          load.run(LEAD_SECONDS + seconds);
          return true;
        });
    TimeUnit.SECONDS.sleep(LEAD_SECONDS);
    return driving;
  }

  /** Waits until it is known of every promise whether it was kept. */
  private void settle() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LoadMachine.LOST_MILLIS);
    while (tally.owed() > 0 && System.nanoTime() < end) {
      Thread.sleep(20);
    }
  }

  /** The load goes on while validators die. */
  private Killing kill(BenchNetwork network, Gauge gauge) throws InterruptedException {
    int seconds = setting.phases().seconds();
    int unanswered = setting.phases().unanswered().getLast();
    int dead = setting.phases().kill();
    messages.printf("closed loop, %d unanswered, %d s, then %d dead%n", unanswered, seconds, dead);
    try (ExecutorService driver = Executors.newSingleThreadExecutor()) {
      Future<Boolean> driving =
          begin(driver, length -> load.closed(unanswered, length), 2 * seconds);
      gauge.begin();
      TimeUnit.SECONDS.sleep(seconds);
      AgreeRow before = gauge.end("before");
      gauge.begin();
      network.kill(dead);
      Load.await(driving);
      AgreeRow after = gauge.end(dead + " dead");
      RunRules rules = network.chain().rules();
      return new Killing(
          dead, before, after, rules.slotMillis() + DELAYS_ALLOWED * rules.stageMillis());
    }
  }

  private void connect(BenchNetwork network) throws ConfigException, InterruptedException {
    for (int i = 0; i < setting.clients(); i++) {
      load.add(new LoadClient(network, signer(network, "client " + i), tally, setting.batch()));
    }
    watch.begin(network, load.clients());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CONNECT_SECONDS);
    long blocks = 0;
    while (blocks < FIRST_BLOCKS || !load.clients().stream().allMatch(LoadClient::isConnected)) {
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
    LoadClient first = load.clients().getFirst();
    first.onRefused(payment -> {
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
            first.handIn(founder, founder.payTo(poor.remove(), network.slot(), each));
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
      load.clients().get(i % setting.clients()).add(payers.get(i));
    }
  }

  private static Signer signer(BenchNetwork network, String name) {
    Bytes text = Bytes.wrap(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return network.clients().signer(Hashes.tagged("undchain bench", text).bytes());
  }
}
