package org.undchain.sim.chaos;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The last line of a campaign: what it amounted to. */
final class Totals {
  private static final double NANOS = 1e9;

  private final Set<FaultKind> used = EnumSet.noneOf(FaultKind.class);
  private final Set<Mark> marks = EnumSet.noneOf(Mark.class);
  private final long started = System.nanoTime();
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
  }

  void violation() {
    violations++;
  }

  long millis() {
    return millis;
  }

  /** Marks that no run reached. */
  Set<Mark> missed() {
    Set<Mark> missed = EnumSet.allOf(Mark.class);
    missed.removeAll(marks);
    return Collections.unmodifiableSet(missed);
  }

  /** Of the whole process: the compiler and the collector of garbage count. */
  private static double cpuSeconds() {
    Optional<Duration> spent = ProcessHandle.current().info().totalCpuDuration();
    return spent.map(it -> it.toNanos() / NANOS).orElse(Double.NaN);
  }

  String line() {
    double cpu = cpuSeconds();
    return "%d seeds, %.2f simulated hours, %d blocks (%.2f %% after round 0), %d acks, %d fault types of %d, marks %d/%d%s, first block <= %.1f s after heal, violations %d (%.0f s of CPU, %.0f s by the clock, %.0f x real time a core, %.0f events/s)"
        .formatted(
            seeds,
            millis / 3_600_000.0,
            blocks,
            100.0 * laterRounds / Math.max(1, blocks),
            acked,
            used.size(),
            FaultKind.values().length,
            marks.size(),
            Mark.values().length,
            missed().isEmpty() ? "" : " (not " + missed() + ")",
            healMillis / 1000.0,
            violations,
            cpu,
            (System.nanoTime() - started) / NANOS,
            millis / 1000.0 / cpu,
            events / cpu);
  }

  String json() {
    return "{\"seeds\":%d,\"simulatedMillis\":%d,\"blocks\":%d,\"laterRounds\":%d,\"acks\":%d,\"faultTypes\":%d,\"marksHit\":%d,\"marks\":%d,\"events\":%d,\"violations\":%d,\"cpuMillis\":%d}"
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
            (long) (cpuSeconds() * 1000));
  }
}
