package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.undchain.core.value.Hash;
import org.undchain.node.audit.Finding;
import org.undchain.node.cli.Failure;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;

/**
 * Carries out a plan on a running network, wave by wave. While faults last the undisturbed have to
 * go on, unless all are disturbed; when they are over, everybody has to come back; then the chain
 * is held to everything that was promised.
 */
final class Campaign {
  /** So long may nothing happen before it counts as never. */
  private static final long PATIENCE_MILLIS = 120_000;

  /** Blocks that the undisturbed have to agree on. */
  private static final int GO_ON_BLOCKS = 3;

  private final Fleet fleet;
  private final BlockWatch watch;
  private final ChainCheck check;
  private final PromiseLog promises;
  private final Faults faults;
  private final Consumer<WaveResult> listener;
  private final List<Finding> findings;
  private final List<WaveResult> results = new ArrayList<>();
  private final Map<FaultType, Integer> counts = new EnumMap<>(FaultType.class);

  /**
   * @param findings what the faults found is in it, and what is found here goes there
   */
  Campaign(
      Fleet fleet,
      BlockWatch watch,
      PromiseLog promises,
      Faults faults,
      List<Finding> findings,
      Consumer<WaveResult> listener) {
    this.fleet = fleet;
    this.watch = watch;
    this.check = new ChainCheck(fleet);
    this.promises = promises;
    this.faults = faults;
    this.findings = findings;
    this.listener = listener;
  }

  List<WaveResult> results() {
    return List.copyOf(results);
  }

  /** How often each kind of fault happened. */
  Map<FaultType, Integer> counts() {
    return counts;
  }

  List<Finding> findings() {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(check.findings());
    return all;
  }

  /** How many entries of the clients are in blocks. */
  long committed(Workload workload) {
    return check.committed(workload.attempts());
  }

  /** Goes on until a limit is reached or something was found. */
  void run(Plan plan, Limits limits)
      throws Failure, ConfigException, IOException, InterruptedException {
    long began = System.nanoTime();
    int done = 0;
    while (findings().isEmpty() && !limits.isReached(done, millisSince(began), fleet.kills())) {
      carryOut(plan.next());
      done++;
    }
  }

  private void carryOut(Wave wave)
      throws Failure, ConfigException, IOException, InterruptedException {
    Thread.sleep(wave.waitMillis());
    if (hasDeadOnes(Set.of())) {
      return;
    }
    long began = System.nanoTime();
    List<Fault> begun = new ArrayList<>();
    boolean isGood = false;
    try {
      for (Step step : wave.steps()) {
        Fault fault = faults.of(step);
        begun.add(fault);
        fault.begin();
        counts.merge(step.type(), 1, Integer::sum);
      }
      isGood = holds(wave);
    } finally {
      watch.forget(named(wave.disturbed()));
      for (Fault fault : begun.reversed()) {
        fault.end();
      }
    }
    if (isGood && findings.isEmpty()) {
      recover(wave, began);
    }
  }

  /** Whether the undisturbed go on while it lasts. */
  private boolean holds(Wave wave) throws IOException, InterruptedException {
    Set<String> disturbed = wave.disturbed();
    List<DevnetNode> others = new ArrayList<>(fleet.validators());
    others.removeIf(node -> disturbed.contains(node.name()));
    long height = watch.highest() + GO_ON_BLOCKS;
    if (!wave.isHalting() && !awaits("halted", others, height, "in " + wave.words())) {
      return false;
    }
    Thread.sleep(wave.holdMillis());
    return !hasDeadOnes(disturbed);
  }

  private void recover(Wave wave, long began) throws Failure, IOException, InterruptedException {
    long ended = System.nanoTime();
    // Of a chain that stood still one more may have been agreed on than was seen; and who forgot
    // is silent in the slot it came back in and in the next one.
    int blocks = wave.isForgetting() ? 3 : wave.isHalting() ? 2 : 1;
    if (!awaits(
            "not-caught-up",
            fleet.validators(),
            watch.highest() + blocks,
            "after the end of " + wave.words())
        || hasDeadOnes(Set.of())) {
      return;
    }
    long now = System.nanoTime();
    Map<Hash, Long> promised = promises.slots();
    check.read();
    check.holdTo(promised);
    WaveResult result =
        new WaveResult(
            wave,
            watch.longestPauseMillis(began, now),
            (watch.firstNewAfter(ended).orElse(now) - ended) / 1_000_000,
            (now - ended) / 1_000_000,
            check.height(),
            fleet.kills(),
            promised.size());
    results.add(result);
    listener.accept(result);
  }

  private List<DevnetNode> named(Set<String> names) {
    return fleet.validators().stream().filter(node -> names.contains(node.name())).toList();
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  private boolean awaits(String what, List<DevnetNode> nodes, long height, String when)
      throws InterruptedException {
    if (watch.await(nodes, seen -> seen >= height, PATIENCE_MILLIS)) {
      return true;
    }
    findings.add(
        new Finding(
            what,
            String.join(" ", nodes.stream().map(DevnetNode::name).sorted().toList()),
            "not all have block "
                + height
                + " "
                + PATIENCE_MILLIS / 1000
                + " s "
                + when
                + ": "
                + watch.standings()));
    return false;
  }

  /** Whether somebody is dead to whom nothing was done. */
  private boolean hasDeadOnes(Set<String> disturbed) throws IOException {
    List<DevnetNode> dead = new ArrayList<>(fleet.dead());
    dead.removeIf(node -> disturbed.contains(node.name()));
    for (DevnetNode node : dead) {
      findings.add(new Finding("ended", node.name(), "its process ended by itself"));
    }
    return !dead.isEmpty();
  }

  /**
   * Waits until everything promised so far is due and checks it, with the balances that it leaves.
   * Nobody may hand anything in any more.
   */
  void settle(Workload workload, List<DevnetPlan.Account> accounts)
      throws Failure, IOException, InterruptedException {
    long last = promises.slots().values().stream().mapToLong(Long::longValue).max().orElse(-1);
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    long quiet = watch.highest() + GO_ON_BLOCKS;
    if (!awaits("halted", fleet.validators(), quiet, "after the last entry")) {
      return;
    }
    check.read();
    while (!check.isDue(last) && System.nanoTime() < end) {
      if (!awaits("halted", fleet.validators(), watch.highest() + 1, "before all was due")) {
        return;
      }
      check.read();
    }
    check.holdTo(promises.slots());
    check.balances(accounts, workload.attempts());
  }
}
