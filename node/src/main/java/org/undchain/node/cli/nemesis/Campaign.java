package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Hash;
import org.undchain.node.audit.Finding;
import org.undchain.node.cli.Failure;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;

/**
 * Rounds of kills on a running network. Each round kills any f validators at a random moment, sees
 * the others go on, starts them again and sees them catch up; then kills all at a random moment,
 * starts them again, sees the chain go on, and holds it to everything that was promised.
 */
final class Campaign {
  /** So long may nothing happen before it counts as never. */
  private static final long PATIENCE_MILLIS = 120_000;

  /** Blocks that survivors have to agree on. */
  private static final int GO_ON_BLOCKS = 3;

  /** A random moment lies within so many slots. */
  private static final int MOMENT_SLOTS = 3;

  private final Fleet fleet;
  private final BlockWatch watch;
  private final ChainCheck check;
  private final PromiseLog promises;
  private final Consumer<Round> listener;
  private final long slotMillis;
  private final Random random;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Round> rounds = new ArrayList<>();

  Campaign(
      Fleet fleet,
      DevnetPlan plan,
      BlockWatch watch,
      ChainCheck check,
      PromiseLog promises,
      Consumer<Round> listener) {
    this.fleet = fleet;
    this.watch = watch;
    this.check = check;
    this.promises = promises;
    this.listener = listener;
    this.slotMillis = plan.shape().slotMillis();
    this.random = new Random(plan.shape().seed());
  }

  List<Round> rounds() {
    return List.copyOf(rounds);
  }

  List<Finding> findings() {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(check.findings());
    return all;
  }

  /** Goes on until all rounds are done or something was found. */
  void run(int count) throws Failure, IOException, InterruptedException {
    for (int number = 1; number <= count && findings().isEmpty(); number++) {
      round(number);
    }
  }

  private void round(int number) throws Failure, IOException, InterruptedException {
    List<DevnetNode> victims = victims();
    Thread.sleep(moment());
    if (hasDeadOnes(List.of())) {
      return;
    }
    long before = watch.highest();
    long killed = System.nanoTime();
    fleet.kill(victims);
    watch.forget(victims);
    List<DevnetNode> survivors = new ArrayList<>(fleet.validators());
    survivors.removeAll(victims);
    if (!awaits("halted", survivors, before + GO_ON_BLOCKS, "after the kill of " + names(victims))
        || hasDeadOnes(victims)) {
      return;
    }
    Thread.sleep(moment());
    long caughtUp = restart(victims);
    long pause = watch.longestPauseMillis(killed, System.nanoTime());
    if (caughtUp < 0) {
      return;
    }
    Thread.sleep(moment());
    if (hasDeadOnes(List.of())) {
      return;
    }
    killAll(number, victims, pause, caughtUp);
  }

  /** Starts nodes and answers how long they took to have a block that was new to all; −1: never. */
  private long restart(List<DevnetNode> nodes) throws IOException, InterruptedException {
    long start = System.nanoTime();
    fleet.start(nodes);
    if (!awaits("not-caught-up", nodes, watch.highest() + 1, "after their restart")) {
      return -1;
    }
    return (System.nanoTime() - start) / 1_000_000;
  }

  private void killAll(int number, List<DevnetNode> victims, long pause, long caughtUp)
      throws Failure, IOException, InterruptedException {
    List<DevnetNode> all = new ArrayList<>(fleet.validators());
    Collections.shuffle(all, random);
    fleet.kill(all);
    watch.forget(all);
    long start = System.nanoTime();
    // One more may have been agreed on than was seen, so only the second proves anything.
    long everybody = restartAll(all);
    if (everybody < 0) {
      return;
    }
    long first = (watch.firstNewAfter(start).orElse(System.nanoTime()) - start) / 1_000_000;
    Map<Hash, Long> promised = promises.slots();
    check.read();
    check.holdTo(promised);
    Round round =
        new Round(
            number,
            victims.stream().map(DevnetNode::name).toList(),
            pause,
            caughtUp,
            first,
            everybody,
            check.height(),
            promised.size());
    rounds.add(round);
    listener.accept(round);
  }

  private long restartAll(List<DevnetNode> all) throws IOException, InterruptedException {
    long start = System.nanoTime();
    fleet.start(all);
    if (!awaits("halted", all, watch.highest() + 2, "after the kill of all")) {
      return -1;
    }
    return (System.nanoTime() - start) / 1_000_000;
  }

  private List<DevnetNode> victims() {
    List<DevnetNode> shuffled = new ArrayList<>(fleet.validators());
    shuffled.removeIf(node -> !node.isActive());
    int count = RunRules.faulty(shuffled.size());
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, count);
  }

  private long moment() {
    return random.nextLong(MOMENT_SLOTS * slotMillis);
  }

  private boolean awaits(String check, List<DevnetNode> nodes, long height, String when)
      throws InterruptedException {
    if (watch.await(nodes, seen -> seen >= height, PATIENCE_MILLIS)) {
      return true;
    }
    findings.add(
        new Finding(
            check,
            names(nodes),
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

  /** Whether somebody is dead whom nobody killed. */
  private boolean hasDeadOnes(List<DevnetNode> killed) throws IOException {
    List<DevnetNode> dead = new ArrayList<>(fleet.dead());
    dead.removeAll(killed);
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

  private static String names(List<DevnetNode> nodes) {
    return String.join(" ", nodes.stream().map(DevnetNode::name).sorted().toList());
  }
}
