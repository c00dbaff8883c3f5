package org.undchain.sim.chaos;

import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.undchain.sim.Chance;
import org.undchain.sim.LinkProfile;
import org.undchain.sim.TimeRules;

/**
 * What a seed draws before anything else: the chain, the network, the workload, and which kinds of
 * fault exist at all in this run (each is off with one half).
 *
 * @param traitors validators that lie or lose their disk in this run; at most 2q − n − 1
 * @param entriesPerMinute of all clients together
 * @param hasJobs a client with an agent rents from partners
 * @param measuresTime whether a validator that starts comes to the time of the others first (R3.1)
 * @param faultsPerMinute beside traitors
 * @param times of the rules file, if one was given
 */
public record Swarm(
    int n,
    int known,
    Distance distance,
    long periodSlots,
    long chaosMillis,
    int clients,
    int entriesPerMinute,
    boolean hasJobs,
    boolean measuresTime,
    long diskMicros,
    int traitors,
    int faultsPerMinute,
    SortedSet<FaultKind> kinds,
    TimeRules times) {

  /** How far the validators are from each other, and the stage length D that fits. */
  public enum Distance {
    ROOM(LinkProfile.LAN, 100),
    CONTINENT(LinkProfile.CONTINENT, 200),
    WORLD(LinkProfile.WORLD, 300);

    private final LinkProfile profile;
    private final long stageMillis;

    Distance(LinkProfile profile, long stageMillis) {
      this.profile = profile;
      this.stageMillis = stageMillis;
    }

    LinkProfile profile() {
      return profile;
    }

    long stageMillis() {
      return stageMillis;
    }
  }

  /**
   * What the command line fixes; the rest is drawn.
   *
   * @param nodesMin smallest n
   * @param nodesMax largest n
   * @param chaosMillis length of the chaos, drawn if empty
   * @param only kinds of faults there are, drawn if empty
   * @param times of the rules, the devnet's where they say nothing
   * @param isAttack f validators that lie in a network as wide as the world, and no other fault
   */
  public record Limits(
      int nodesMin,
      int nodesMax,
      Optional<Integer> known,
      Optional<Long> chaosMillis,
      Optional<Integer> entriesPerMinute,
      SortedSet<FaultKind> only,
      TimeRules times,
      boolean isAttack) {

    /** Nothing but liars: of the kinds that {@code only} names, or of those that split files. */
    private SortedSet<FaultKind> attackers() {
      return only.isEmpty()
          ? new TreeSet<>(Set.of(FaultKind.LATE_SENDER, FaultKind.TWO_LANES))
          : only;
    }
  }

  public static Swarm draw(long seed, Limits limits) {
    Chance chance = Chance.of(seed, "swarm");
    int n = (int) chance.between(limits.nodesMin(), limits.nodesMax());
    int knownMax = knownMax(n);
    int known = (int) chance.between(1, Math.max(1, knownMax));
    Distance distance = Distance.values()[(int) chance.below(3)];
    long drawn = chance.coin() ? 48 : chance.between(48, 150);
    long period = limits.times().values().getOrDefault("period_slots", drawn);
    long chaos = chance.between(60, 600) * 1000;
    int clients = (int) chance.between(1, 6);
    int entries =
        (int) chance.pick(java.util.List.of(6L, 30L, 60L, 240L).stream().toList()).longValue();
    long disk = chance.pick(java.util.List.of(500L, 2_000L, 20_000L));
    int traitors =
        (int)
            (chance.coin()
                ? 0
                : chance.between(0, chance.perMille(250) ? traitorsMax(n) : faulty(n)));
    int faults = (int) chance.between(limits.only().isEmpty() ? 0 : 4, 12);
    SortedSet<FaultKind> kinds = new TreeSet<>();
    for (FaultKind kind : FaultKind.values()) {
      if (limits.only().isEmpty()
          ? Chance.of(seed, "kind " + kind).coin()
          : limits.only().contains(kind)) {
        kinds.add(kind);
      }
    }
    if (limits.only().stream().anyMatch(FaultPlan::isOfTraitors)) {
      traitors = Math.max(1, traitors); // whoever asks for liars gets one
    }
    if (limits.isAttack()) {
      distance = Distance.WORLD;
      traitors = faulty(n);
      faults = 0;
      kinds.clear();
      kinds.addAll(limits.attackers());
    }
    return new Swarm(
        n,
        limits.known().orElse(known),
        distance,
        period,
        limits.chaosMillis().orElse(chaos),
        clients,
        limits.entriesPerMinute().orElse(entries),
        Chance.of(seed, "jobs").coin(),
        Chance.of(seed, "time").coin(),
        disk,
        traitors,
        faults,
        kinds,
        limits.times());
  }

  public static int faulty(int n) {
    return (n - 1) / 3;
  }

  public static int quorum(int n) {
    return n - faulty(n);
  }

  /** 2q − n − 1: with so many traitors agreement still holds (R10.2). */
  public static int traitorsMax(int n) {
    return 2 * quorum(n) - n - 1;
  }

  static int knownMax(int n) {
    return Math.min(44 * n / 100, traitorsMax(n));
  }

  @Override
  public String toString() {
    return "n %d, known %d, %s, periods of %d slots, chaos %d s, %d clients, %d entries/min%s, sync %d us, traitors %d, %d faults/min, kinds %s"
        .formatted(
            n,
            known,
            distance.name().toLowerCase(java.util.Locale.ROOT),
            periodSlots,
            chaosMillis / 1000,
            clients,
            entriesPerMinute,
            (hasJobs ? " and jobs" : "") + (measuresTime ? ", time measured" : ""),
            diskMicros,
            traitors,
            faultsPerMinute,
            kinds);
  }
}
