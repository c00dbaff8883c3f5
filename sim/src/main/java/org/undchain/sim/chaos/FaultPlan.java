package org.undchain.sim.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.undchain.sim.Chance;

/**
 * All faults of a run, drawn before it begins, so that taking one away changes nothing about the
 * others.
 */
public record FaultPlan(long seed, Swarm swarm, List<Fault> faults) {
  private static final long MILLIS_PER_MINUTE = 60_000;

  public FaultPlan {
    faults = List.copyOf(faults);
  }

  public static FaultPlan draw(long seed, Swarm swarm) {
    Chance chance = Chance.of(seed, "plan");
    List<Fault> faults = new ArrayList<>(traitors(seed, swarm));
    SortedSet<Integer> liars = new TreeSet<>();
    faults.forEach(fault -> liars.add(fault.victim()));
    List<FaultKind> kinds = swarm.kinds().stream().filter(kind -> !isOfTraitors(kind)).toList();
    long count = swarm.faultsPerMinute() * swarm.chaosMillis() / MILLIS_PER_MINUTE;
    for (int i = 0; i < count && !kinds.isEmpty(); i++) {
      faults.add(one(faults.size(), chance.pick(kinds), swarm, chance));
    }
    return new FaultPlan(seed, swarm, faults);
  }

  /**
   * Lost disks count as traitors: what their owner said before is forgotten (R4.41). So there are
   * never so many of them that a record is damaged everywhere.
   */
  static boolean isOfTraitors(FaultKind kind) {
    return kind.group() == FaultKind.Group.TRAITOR
        || switch (kind) {
          case ERASED, OLD_BACKUP, BIT_FLIP, MISDIRECTED, LYING_SYNC, VOTE_FORGOTTEN -> true;
          default -> false;
        };
  }

  /**
   * Whether its victim may sign two things for one place: it lies, or its disk and its guard forgot
   * together. Whose guard remembers knows that it forgot, and has to stay silent (R4.41).
   */
  private static boolean isOfTwoTongues(FaultKind kind) {
    return kind.group() == FaultKind.Group.TRAITOR
        || kind == FaultKind.LYING_SYNC
        || kind == FaultKind.VOTE_FORGOTTEN;
  }

  private static List<Fault> traitors(long seed, Swarm swarm) {
    Chance chance = Chance.of(seed, "traitors");
    List<FaultKind> lies = swarm.kinds().stream().filter(FaultPlan::isOfTraitors).toList();
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < swarm.n(); place++) {
      places.add(place);
    }
    List<Fault> faults = new ArrayList<>();
    for (int victim :
        lies.isEmpty() ? List.<Integer>of() : chance.sample(places, swarm.traitors())) {
      FaultKind kind = chance.pick(lies);
      Fault fault = one(faults.size(), kind, swarm, chance);
      faults.add(
          new Fault(
              fault.number(),
              kind,
              fault.atMillis(),
              fault.forMillis(),
              victim,
              fault.other(),
              fault.amount(),
              fault.moment()));
    }
    return faults;
  }

  private static Fault one(int number, FaultKind kind, Swarm swarm, Chance chance) {
    int victim = (int) chance.below(swarm.n());
    int other = (int) (victim + chance.between(1, swarm.n() - 1)) % swarm.n();
    long at = chance.below(swarm.chaosMillis());
    long lasting = chance.coin() ? chance.between(50, 3_000) : chance.between(1_000, 30_000);
    long amount = chance.between(1, 1_000);
    Moment moment = chance.pick(List.of(Moment.values()));
    return new Fault(number, kind, at, lasting, victim, other, amount, moment);
  }

  /** The same plan with fewer faults. */
  public FaultPlan keeping(Predicate<Fault> kept) {
    return new FaultPlan(seed, swarm, faults.stream().filter(kept).toList());
  }

  public boolean has(FaultKind kind) {
    return faults.stream().anyMatch(fault -> fault.kind() == kind);
  }

  /** Places of validators of which nothing is promised. */
  public SortedSet<Integer> traitors() {
    return victims(FaultPlan::isOfTraitors);
  }

  /** Places of the validators among them of which two signatures of one place may come. */
  SortedSet<Integer> twoTongued() {
    return victims(FaultPlan::isOfTwoTongues);
  }

  private SortedSet<Integer> victims(Predicate<FaultKind> kinds) {
    SortedSet<Integer> places = new TreeSet<>();
    faults.stream()
        .filter(fault -> kinds.test(fault.kind()))
        .forEach(fault -> places.add(fault.victim()));
    return places;
  }
}
