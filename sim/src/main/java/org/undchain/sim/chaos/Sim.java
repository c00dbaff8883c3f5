package org.undchain.sim.chaos;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.undchain.sim.Options;
import org.undchain.sim.Signatures;
import org.undchain.sim.TimeRules;

/** The command {@code sim}: plays seeds until enough time is simulated. Exit 1 at a violation. */
public final class Sim {
  public static final List<String> OPTIONS =
      List.of(
          "--seed",
          "--seeds",
          "--hours",
          "--minutes",
          "--seconds",
          "--nodes",
          "--known",
          "--entries",
          "--chaos",
          "--only",
          "--rules",
          "--attack",
          "--keep",
          "--trace",
          "--shrink",
          "--until",
          "--real-crypto",
          "--threads",
          "--hashes",
          "--all-marks",
          "--json");
  private static final long MILLIS_PER_HOUR = 3_600_000;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int TWICE_EVERY = 100;

  private final Options options;
  private final PrintStream out;
  private final Swarm.Limits limits;
  private final Optional<Long> until;
  private final long deadline;
  private final Totals totals = new Totals();

  private Sim(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
    this.limits = limits(options);
    this.until = options.text("--until").map(text -> 1_000L * bounded("--until", text, 0, 86_400));
    this.deadline = System.nanoTime() + NANOS_PER_MILLI * options.millis(60);
  }

  public static int run(Options options, PrintStream out) {
    return new Sim(options, out).run() ? 0 : 1;
  }

  private static Swarm.Limits limits(Options options) {
    String[] nodes = options.text("--nodes").orElse("4..10").split("\\.\\.");
    int least = bounded("--nodes", nodes[0], 4, 10);
    int most = bounded("--nodes", nodes[nodes.length - 1], least, 10);
    return new Swarm.Limits(
        least,
        most,
        options.text("--known").map(text -> bounded("--known", text, 0, Swarm.knownMax(least))),
        options.text("--chaos").map(text -> 1_000L * bounded("--chaos", text, 1, 86_400)),
        options.text("--entries").map(text -> bounded("--entries", text, 0, 60_000)),
        kinds(options.text("--only").orElse("")),
        options.text("--rules").map(Path::of).map(TimeRules::read).orElse(TimeRules.NONE),
        options.has("--attack"));
  }

  private static SortedSet<FaultKind> kinds(String list) {
    SortedSet<FaultKind> kinds = new TreeSet<>();
    for (String name : list.isEmpty() ? new String[0] : list.split(",")) {
      kinds.add(FaultKind.named(name));
    }
    return kinds;
  }

  private static int bounded(String name, String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException other) {
      throw new IllegalArgumentException(name + " takes a whole number, not " + text, other);
    }
    throw new IllegalArgumentException(name + " is between " + least + " and " + most);
  }

  private boolean run() {
    long first = options.number("--seed", 1);
    boolean isOneSeed = options.has("--seed") && !options.has("--hours");
    long seeds = options.number("--seeds", isOneSeed ? 1 : Long.MAX_VALUE);
    boolean isBounded =
        options.has("--seeds") || options.has("--minutes") || options.has("--seconds");
    long hours = options.number("--hours", isBounded ? Long.MAX_VALUE / MILLIS_PER_HOUR : 1);
    boolean isGood = true;
    Deque<Future<Played>> running = new ArrayDeque<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads())) {
      for (long seed = first; seed - first < seeds || !running.isEmpty(); ) {
        boolean isMore =
            isGood
                && seed - first < seeds
                && totals.millis() < hours * MILLIS_PER_HOUR
                && System.nanoTime() < deadline;
        if (isMore && running.size() < threads()) {
          FaultPlan plan = plan(seed++);
          running.add(pool.submit(() -> play(plan)));
        } else if (running.isEmpty()) {
          break;
        } else {
          isGood &= told(done(running.remove()));
        }
      }
    }
    out.println(options.has("--json") ? totals.json() : totals.line());
    boolean isComplete = !options.has("--all-marks") || totals.missed().isEmpty();
    if (!isComplete) {
      out.println("never reached: " + totals.missed() + "; play more seeds, or mend the marks");
    }
    return isGood && isComplete;
  }

  /** One thread for a trace, which is to be read; else one for each core. */
  private int threads() {
    int cores = options.has("--trace") ? 1 : Runtime.getRuntime().availableProcessors();
    return options.text("--threads").map(text -> bounded("--threads", text, 1, 256)).orElse(cores);
  }

  /** A run, and whether a second one of the same seed was the same, where there was one. */
  private record Played(Outcome outcome, boolean isRepeatable) {}

  private static Played done(Future<Played> run) {
    try {
      return run.get();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped", stopped);
    } catch (ExecutionException broken) {
      throw new IllegalStateException("a run did not end", broken);
    }
  }

  private FaultPlan plan(long seed) {
    FaultPlan plan = FaultPlan.draw(seed, Swarm.draw(seed, limits));
    if (options.has("--keep")) {
      Set<Integer> kept = numbers(options.text("--keep").orElse(""));
      plan = plan.keeping(fault -> kept.contains(fault.number()));
    }
    if (options.has("--trace")) {
      tell(plan);
    }
    return plan;
  }

  private Played play(FaultPlan plan) {
    Optional<PrintStream> trace = options.has("--trace") ? Optional.of(out) : Optional.empty();
    Outcome outcome = Run.play(plan, signatures(), until, trace);
    boolean isRepeatable = true;
    if (outcome.finding().isEmpty() && plan.seed() % TWICE_EVERY == 0) {
      long again = Run.play(plan, signatures(), until, Optional.empty()).traceHash();
      isRepeatable = again == outcome.traceHash();
    }
    return new Played(outcome, isRepeatable);
  }

  /** Counts a run and tells what is wrong with it; answers whether nothing is. */
  private boolean told(Played played) {
    Outcome outcome = played.outcome();
    totals.add(outcome);
    if (options.has("--hashes")) {
      out.printf("seed %d: trace %016x%n", outcome.plan().seed(), outcome.traceHash());
    }
    if (!played.isRepeatable()) {
      out.println(
          "seed " + outcome.plan().seed() + ": S26 does not hold: two runs of one seed differ");
    }
    outcome.finding().ifPresent(finding -> tell(outcome, finding));
    boolean isGood = played.isRepeatable() && outcome.finding().isEmpty();
    if (!isGood) {
      totals.violation();
    }
    return isGood;
  }

  private Signatures signatures() {
    return options.has("--real-crypto") ? Signatures.real() : Signatures.fake();
  }

  private void tell(FaultPlan plan) {
    out.println("seed " + plan.seed() + ": " + plan.swarm());
    plan.faults().forEach(fault -> out.println("  " + fault));
  }

  private void tell(Outcome outcome, Outcome.Finding finding) {
    FaultPlan plan = outcome.plan();
    if (options.has("--shrink")) {
      out.printf(
          "seed %d: %s does not hold; taking faults away%n", plan.seed(), finding.invariant());
      plan =
          new Shrinker(outcome, finding, this::signatures, until, deadline, out::println).shrink();
    }
    tell(plan);
    out.println(finding.report());
    out.println("repeat: ./undchain sim " + command(plan));
  }

  private String command(FaultPlan plan) {
    StringBuilder words = new StringBuilder("--seed ").append(plan.seed());
    for (String name :
        List.of("--nodes", "--known", "--entries", "--chaos", "--only", "--rules", "--until")) {
      options.text(name).ifPresent(text -> words.append(' ').append(name).append(' ').append(text));
    }
    if (options.has("--attack")) {
      words.append(" --attack");
    }
    if (options.has("--real-crypto")) {
      words.append(" --real-crypto");
    }
    if (options.has("--shrink") || options.has("--keep")) {
      String kept =
          String.join(
              ",", plan.faults().stream().map(fault -> String.valueOf(fault.number())).toList());
      words.append(" --keep ").append(kept.isEmpty() ? "none" : kept);
    }
    return words.toString();
  }

  private static Set<Integer> numbers(String list) {
    Set<Integer> numbers = new TreeSet<>();
    for (String word : list.equals("none") ? new String[0] : list.split(",")) {
      numbers.add(bounded("--keep", word, 0, Integer.MAX_VALUE));
    }
    return numbers;
  }
}
