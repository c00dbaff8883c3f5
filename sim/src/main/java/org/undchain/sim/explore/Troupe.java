package org.undchain.sim.explore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.undchain.sim.explore.Table.Input;
import org.undchain.sim.explore.Table.Seat;

/**
 * The players of one enumeration, and all that groups of them were seen to do: an epoch of a group
 * is played on a {@link Table} of its own the first time only.
 */
final class Troupe {
  private final Committee committee;
  private final List<Seat> seats;
  private final List<Player> players = new ArrayList<>();
  private final Map<List<Object>, Integer> numbers = new HashMap<>();
  private final Map<List<Integer>, List<Integer>> played = new HashMap<>();
  private Optional<String> breach = Optional.empty();
  private long messages;

  /** One state of one player, with the first way into it. */
  private record Player(List<Input> log, OptionalInt decided) {}

  Troupe(Committee committee, List<Seat> seats) {
    this.committee = committee;
    this.seats = seats;
  }

  /** Messages given to real machines. */
  long messages() {
    return messages;
  }

  /** The states of all players before anything happened. */
  List<Integer> fresh() {
    Table table = new Table(committee, seats);
    List<Integer> fresh = new ArrayList<>();
    for (int place = 0; place < seats.size(); place++) {
      fresh.add(number(table, place, place));
    }
    return fresh;
  }

  /** The states of all players after an epoch in these groups, 0 and 1. */
  List<Integer> epoch(List<Integer> states, int[] groups) {
    List<Integer> after = new ArrayList<>(states);
    for (int group = 0; group < 2; group++) {
      List<Integer> places = new ArrayList<>();
      List<Integer> key = new ArrayList<>();
      for (int place = 0; place < groups.length; place++) {
        if (groups[place] == group) {
          places.add(place);
          key.add(place);
          key.add(states.get(place));
        }
      }
      List<Integer> reached = played.get(key);
      if (reached == null) {
        reached = play(places, states);
        played.put(key, reached);
      }
      for (int i = 0; i < places.size(); i++) {
        after.set(places.get(i), reached.get(i));
      }
    }
    return after;
  }

  private List<Integer> play(List<Integer> places, List<Integer> states) {
    Table table =
        new Table(
            committee,
            places.stream().map(seats::get).toList(),
            places.stream().map(place -> players.get(states.get(place)).log()).toList());
    table.epoch(new int[places.size()]);
    messages += table.messages();
    if (breach.isEmpty()) {
      breach = table.misstep();
    }
    List<Integer> reached = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      reached.add(number(table, i, places.get(i)));
    }
    return reached;
  }

  private int number(Table table, int at, int place) {
    return numbers.computeIfAbsent(
        List.of(place, table.state(at)),
        fresh -> {
          players.add(new Player(table.log(at), table.decided(at)));
          return players.size() - 1;
        });
  }

  /** What an honest player did that none does, or what they decided together and must not. */
  Optional<String> breach(List<Integer> states) {
    TreeSet<Integer> decided = new TreeSet<>();
    for (int place : honest()) {
      players.get(states.get(place)).decided().ifPresent(decided::add);
    }
    long insisting = honest().stream().filter(place -> seats.get(place).kind().insists()).count();
    if (breach.isEmpty() && decided.size() > 1) {
      return Optional.of("two values are decided (S1)");
    }
    boolean isLeftOut = !decided.isEmpty() && !decided.equals(Collections.singleton(Values.WITH_J));
    return breach.isEmpty() && isLeftOut && insisting > Committee.faulty(committee.n)
        ? Optional.of("decided without the entry that " + insisting + " honest insist on (S5)")
        : breach;
  }

  boolean isOver(List<Integer> states) {
    return honest().stream()
        .allMatch(place -> players.get(states.get(place)).decided().isPresent());
  }

  private List<Integer> honest() {
    List<Integer> honest = new ArrayList<>();
    for (int place = 0; place < seats.size(); place++) {
      if (!seats.get(place).isTwin()) {
        honest.add(place);
      }
    }
    return honest;
  }
}
