package org.undchain.sim.chaos;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.undchain.sim.Options;
import org.undchain.sim.Signatures;

/** The command {@code sim}: plays seeds until enough time is simulated. Exit 1 at a violation. */
public final class Sim {
  public static final List<String> OPTIONS =
      List.of(
          "--seed",
          "--seeds",
          "--hours",
          "--minutes",
          "--nodes",
          "--known",
          "--entries",
          "--chaos",
          "--only",
          "--keep",
          "--trace",
          "--shrink",
          "--until",
          "--real-crypto",
          "--json");
  private static final long MILLIS_PER_HOUR = 3_600_000;
  private static final int TWICE_EVERY = 100;

  private final Options options;
  private final PrintStream out;
  private final Swarm.Limits limits;
  private final Totals totals = new Totals();

  private Sim(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
    this.limits = limits(options);
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
        kinds(options.text("--only").orElse("")));
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
    long seeds = options.number("--seeds", options.has("--seed") ? 1 : Long.MAX_VALUE);
    long hours =
        options.number("--hours", options.has("--seeds") ? Long.MAX_VALUE / MILLIS_PER_HOUR : 1);
    long deadline = System.nanoTime() + 60_000_000_000L * options.number("--minutes", 60);
    boolean isGood = true;
    for (long seed = first;
        isGood
            && seed - first < seeds
            && totals.millis() < hours * MILLIS_PER_HOUR
            && System.nanoTime() < deadline;
        seed++) {
      isGood = play(seed);
    }
    out.println(options.has("--json") ? totals.json() : totals.line());
    return isGood;
  }

  private boolean play(long seed) {
    FaultPlan plan = FaultPlan.draw(seed, Swarm.draw(seed, limits));
    if (options.has("--keep")) {
      Set<Integer> kept = numbers(options.text("--keep").orElse(""));
      plan = plan.keeping(fault -> kept.contains(fault.number()));
    }
    if (options.has("--trace")) {
      tell(plan);
    }
    Optional<Long> until =
        options.text("--until").map(text -> 1_000L * bounded("--until", text, 0, 86_400));
    Optional<PrintStream> trace = options.has("--trace") ? Optional.of(out) : Optional.empty();
    Outcome outcome = Run.play(plan, signatures(), until, trace);
    totals.add(outcome);
    if (outcome.finding().isEmpty() && seed % TWICE_EVERY == 0) {
      long again = Run.play(plan, signatures(), until, Optional.empty()).traceHash();
      if (again != outcome.traceHash()) {
        out.println("seed " + seed + ": S26 does not hold: two runs of one seed differ");
        totals.violation();
        return false;
      }
    }
    outcome.finding().ifPresent(finding -> tell(outcome, finding, until));
    return outcome.finding().isEmpty();
  }

  private Signatures signatures() {
    return options.has("--real-crypto") ? Signatures.real() : Signatures.fake();
  }

  private void tell(FaultPlan plan) {
    out.println("seed " + plan.seed() + ": " + plan.swarm());
    plan.faults().forEach(fault -> out.println("  " + fault));
  }

  private void tell(Outcome outcome, Outcome.Finding finding, Optional<Long> until) {
    FaultPlan plan = outcome.plan();
    if (options.has("--shrink")) {
      out.printf(
          "seed %d: %s does not hold; taking faults away%n", plan.seed(), finding.invariant());
      plan = new Shrinker(plan, finding, this::signatures, until).shrink();
    }
    tell(plan);
    out.println(finding.report());
    out.println("repeat: ./undchain sim " + command(plan));
  }

  private String command(FaultPlan plan) {
    StringBuilder words = new StringBuilder("--seed ").append(plan.seed());
    for (String name : List.of("--nodes", "--known", "--entries", "--chaos", "--only", "--until")) {
      options.text(name).ifPresent(text -> words.append(' ').append(name).append(' ').append(text));
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

  /** The last line: what a campaign amounted to. */
  private static final class Totals {
    private final Set<FaultKind> used = EnumSet.noneOf(FaultKind.class);
    private final Set<Mark> marks = EnumSet.noneOf(Mark.class);
    private final long started = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    private long seeds;
    private long millis;
    private long blocks;
    private long laterRounds;
    private long acked;
    private long events;
    private long healMillis;
    private long violations;

    void add(Outcome outcome) {
      seeds++;
      millis += outcome.millis();
      blocks += outcome.blocks();
      laterRounds += outcome.laterRounds();
      acked += outcome.acked();
      events += outcome.events();
      healMillis = Math.max(healMillis, outcome.healMillis());
      used.addAll(outcome.used());
      marks.addAll(outcome.marks());
      violations += outcome.finding().isPresent() ? 1 : 0;
    }

    void violation() {
      violations++;
    }

    long millis() {
      return millis;
    }

    /** Of the one thread that all of it runs on, so that others on the machine do not count. */
    private double seconds() {
      return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - started) / 1e9;
    }

    String line() {
      Set<Mark> missed =
          EnumSet.complementOf(EnumSet.copyOf(marks.isEmpty() ? EnumSet.allOf(Mark.class) : marks));
      return "%d seeds, %.2f simulated hours, %d blocks (%d after round 0), %d acks, %d fault types, marks %d/%d%s, first block <= %.1f s after heal, violations %d (%.0f s of one core, %.0f x real time, %.0f events/s)"
          .formatted(
              seeds,
              millis / (double) MILLIS_PER_HOUR,
              blocks,
              laterRounds,
              acked,
              used.size(),
              marks.size(),
              Mark.values().length,
              missed.isEmpty() ? "" : " (not " + missed + ")",
              healMillis / 1000.0,
              violations,
              seconds(),
              millis / 1000.0 / seconds(),
              events / seconds());
    }

    String json() {
      return "{\"seeds\":%d,\"simulatedMillis\":%d,\"blocks\":%d,\"laterRounds\":%d,\"acks\":%d,\"faultTypes\":%d,\"marksHit\":%d,\"marks\":%d,\"events\":%d,\"violations\":%d,\"millis\":%d}"
          .formatted(
              seeds,
              millis,
              blocks,
              laterRounds,
              acked,
              used.size(),
              marks.size(),
              Mark.values().length,
              events,
              violations,
              (long) (seconds() * 1000));
    }
  }
}
