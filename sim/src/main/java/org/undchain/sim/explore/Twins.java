package org.undchain.sim.explore;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.undchain.sim.Chance;
import org.undchain.sim.Options;
import org.undchain.sim.explore.FixedFiles.Kind;
import org.undchain.sim.explore.Table.Seat;

/**
 * The command {@code twins}: plays scenarios in which up to f validators exist twice and the
 * network is parted anew in each epoch. For n = 4 all scenarios are enumerated: who is the twin (so
 * which rounds it leads), who holds which file, and each sequence of partitions. What a group does
 * in an epoch depends on the states of its players alone, so it is played once on the real machines
 * and remembered. For larger n scenarios are drawn by lot and each is played. Exit 1 if something
 * broke, 7 if the time ran out before the epochs or scenarios that were asked for.
 */
public final class Twins {
  public static final List<String> OPTIONS =
      List.of("--n", "--epochs", "--scenarios", "--seed", "--minutes", "--seconds", "--json");
  private static final List<Integer> SAMPLED = List.of(7, 9, 10);
  private static final Kind A = new Kind(0, false);
  private static final Kind B = new Kind(Values.WITH_J, false);
  private static final Kind J = new Kind(Values.WITH_J, true);

  /** The files of three honest validators and the two of the twin. */
  private static final List<List<Kind>> FILES =
      List.of(
          List.of(A, A, A, A, B),
          List.of(A, A, B, A, B),
          List.of(A, J, J, A, B),
          List.of(B, A, J, B, A));

  private final PrintStream out;
  private final boolean isJson;
  private final long deadline;
  private final LongAdder scenarios = new LongAdder();
  private final LongAdder states = new LongAdder();
  private final LongAdder messages = new LongAdder();
  private final List<Finding> findings = new CopyOnWriteArrayList<>();
  private final Unfinished unfinished = new Unfinished();

  /** A broken promise, and the partitions that lead to it. */
  private record Finding(String what, List<String> schedule) {}

  private record Open(List<int[]> path, long count) {
    Open and(Open other) {
      return new Open(path, count + other.count());
    }
  }

  private Twins(PrintStream out, boolean isJson, long millis) {
    this.out = out;
    this.isJson = isJson;
    this.deadline = System.nanoTime() + millis * 1_000_000;
  }

  public static int run(Options options, PrintStream out, PrintStream err) {
    return run(options, out, err, options.millis(Unfinished.MINUTES));
  }

  /**
   * @param millis that it may take
   */
  static int run(Options options, PrintStream out, PrintStream err, long millis) {
    Twins twins = new Twins(out, options.has("--json"), millis);
    boolean isDepthAsked = options.has("--epochs");
    long only = options.number("--n", 0);
    if (only == 0 || only == 4) {
      twins.enumerate((int) options.number("--epochs", 4), isDepthAsked);
    }
    for (int n : SAMPLED) {
      if ((only == 0 || only == n) && twins.findings.isEmpty()) {
        long count = options.number("--scenarios", 200);
        int epochs = (int) options.number("--epochs", 6);
        long played = twins.sample(n, count, options.number("--seed", 1), epochs);
        if (played < count && (isDepthAsked || options.has("--scenarios"))) {
          twins.unfinished.add("n=%d: %d of %d scenarios".formatted(n, played, count));
        }
      }
    }
    if (twins.findings.isEmpty()) {
      return twins.unfinished.tell("twins", options, err);
    }
    Finding found = twins.findings.getFirst();
    out.println(found.what());
    found.schedule().forEach(line -> out.println("  " + line));
    out.println("repeat: ./undchain twins " + options);
    return 1;
  }

  // ---- n = 4, all -----------------------------------------------------------------------------

  private void enumerate(int epochs, boolean isDepthAsked) {
    long started = System.nanoTime();
    int casts = 4 * FILES.size();
    long through =
        IntStream.range(0, casts)
            .parallel()
            .filter(cast ->
                enumerate(
                    new Committee(4, new Values(2)),
                    seats(4, cast % 4, FILES.get(cast / 4)),
                    epochs))
            .count();
    tell(4, "enumerated, epochs " + epochs, started);
    if (through < casts && isDepthAsked) {
      unfinished.add(
          "n=4: %d of %d casts went through %d epochs".formatted(through, casts, epochs));
    }
  }

  private static List<Seat> seats(int n, int twin, List<Kind> files) {
    List<Seat> seats = new ArrayList<>();
    int next = 0;
    for (int member = 0; member < n; member++) {
      if (member != twin) {
        seats.add(new Seat(member, files.get(next++), false));
      }
    }
    seats.add(new Seat(twin, files.get(next), true));
    seats.add(new Seat(twin, files.get(next + 1), true));
    return seats;
  }

  /** Whether all sequences of partitions were gone through. */
  private boolean enumerate(Committee committee, List<Seat> seats, int epochs) {
    List<int[]> partitions = partitions(seats.size());
    Troupe troupe = new Troupe(committee, seats);
    Map<List<Integer>, Open> open = new HashMap<>();
    open.put(troupe.fresh(), new Open(List.of(), 1));
    for (int epoch = 0; epoch < epochs; epoch++) {
      long each = power(partitions.size(), epochs - epoch - 1);
      Map<List<Integer>, Open> next = new HashMap<>();
      for (var from : open.entrySet()) {
        for (int[] groups : partitions) {
          if (!findings.isEmpty() || System.nanoTime() >= deadline) {
            return false;
          }
          List<int[]> path = new ArrayList<>(from.getValue().path());
          path.add(groups);
          List<Integer> after = troupe.epoch(from.getKey(), groups);
          troupe
              .breach(after)
              .ifPresent(what -> findings.add(new Finding(what, story(seats, path))));
          Open reached = new Open(path, from.getValue().count());
          if (each == 1 || troupe.isOver(after)) {
            scenarios.add(reached.count() * each);
          } else {
            next.merge(after, reached, Open::and);
          }
        }
      }
      states.add(next.size());
      open = next;
    }
    messages.add(troupe.messages());
    return true;
  }

  private static long power(long base, int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= base;
    }
    return power;
  }

  /** All ways to part the players in at most two groups; the first is in group 0. */
  private static List<int[]> partitions(int players) {
    List<int[]> partitions = new ArrayList<>();
    for (int bits = 0; bits < 1 << players - 1; bits++) {
      int[] groups = new int[players];
      for (int i = 1; i < players; i++) {
        groups[i] = bits >> i - 1 & 1;
      }
      partitions.add(groups);
    }
    return partitions;
  }

  private void judge(Table table, List<Seat> seats, List<int[]> path) {
    messages.add(table.messages());
    table.breach().ifPresent(what -> findings.add(new Finding(what, story(seats, path))));
  }

  private static List<String> story(List<Seat> seats, List<int[]> path) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < seats.size(); i++) {
      lines.add("player " + i + ": member " + seats.get(i).member() + " " + seats.get(i).kind());
    }
    for (int epoch = 0; epoch < path.size(); epoch++) {
      Map<Integer, List<Integer>> groups = new TreeMap<>();
      for (int i = 0; i < path.get(epoch).length; i++) {
        groups.computeIfAbsent(path.get(epoch)[i], fresh -> new ArrayList<>()).add(i);
      }
      lines.add("epoch " + epoch + ": players " + groups.values());
    }
    return lines;
  }

  // ---- larger n, by lot -----------------------------------------------------------------------

  /** How many scenarios were played. */
  private long sample(int n, long count, long seed, int epochs) {
    long started = System.nanoTime();
    Committee committee = new Committee(n, new Values(2));
    long run = 0;
    for (; run < count && findings.isEmpty() && System.nanoTime() < deadline; run++) {
      Chance chance = Chance.of(seed + run, "twins " + n);
      List<Integer> members = IntStream.range(0, n).boxed().toList();
      List<Integer> doubled = chance.sample(members, Committee.faulty(n));
      List<Seat> seats = new ArrayList<>();
      for (int member : members) {
        boolean isTwin = doubled.contains(member);
        seats.add(new Seat(member, chance.pick(List.of(A, B, J)), isTwin));
        if (isTwin) {
          seats.add(new Seat(member, chance.pick(List.of(A, B)), true));
        }
      }
      List<int[]> path = new ArrayList<>();
      Table table = new Table(committee, seats);
      for (int epoch = 0; epoch < epochs; epoch++) {
        int[] groups = new int[seats.size()];
        for (int i = 0; i < groups.length; i++) {
          groups[i] = (int) chance.below(epoch % 2 == 0 ? 2 : 3) % 2;
        }
        path.add(groups);
        table.epoch(groups);
      }
      judge(table, seats, path);
      scenarios.increment();
    }
    tell(n, "by lot from seed " + seed + ", epochs " + epochs, started);
    return run;
  }

  private void tell(int n, String how, long started) {
    double seconds = (System.nanoTime() - started) / 1e9;
    String format =
        isJson
            ? "{\"n\":%d,\"how\":\"%s\",\"scenarios\":%d,\"states\":%d,\"messages\":%d,"
                + "\"seconds\":%.1f,\"ok\":%b}%n"
            : "twins n=%d, %s: %d scenarios, %d states, %d messages to real machines, %.1f s,"
                + " no violation: %b%n";
    out.printf(
        format,
        n,
        how,
        scenarios.sumThenReset(),
        states.sumThenReset(),
        messages.sumThenReset(),
        seconds,
        findings.isEmpty());
  }
}
