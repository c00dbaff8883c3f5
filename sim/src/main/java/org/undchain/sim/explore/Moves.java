package org.undchain.sim.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.undchain.sim.explore.Locals.Misstep;
import org.undchain.sim.explore.Locals.Phase;
import org.undchain.sim.explore.Locals.State;

/**
 * All that an adversary can do to one validator in one phase, tried on the real machine. By
 * monotony of the rules it is enough to deliver all votes for a value or none, so what is left is:
 * which POLs it is shown, which proposal it gets, whose prevotes, and whether it dies before.
 */
final class Moves {
  private static final String PROPOSE = "agree-propose";

  private final Committee committee;
  private final int traitors;
  private final boolean mayCrash;
  private final Locals locals;
  private final Map<List<Integer>, List<Move>> prevotes = new HashMap<>();
  private final Map<List<Object>, List<Move>> precommits = new HashMap<>();
  private final Map<List<Integer>, Boolean> decisions = new HashMap<>();

  /**
   * One way on.
   *
   * @param crashes 0 or 1
   */
  record Move(State to, int crashes, List<Step> steps) {}

  Moves(Committee committee, int traitors, boolean mayCrash, Locals locals) {
    this.committee = committee;
    this.traitors = traitors;
    this.mayCrash = mayCrash;
    this.locals = locals;
  }

  /**
   * Ways through the prevote of a round.
   *
   * @param shown number of the list of POLs that exist, for the memory
   */
  List<Move> prevotes(State from, int round, int shown, List<Pol> pols) throws Misstep {
    List<Integer> place = List.of(from.id(), round, shown);
    List<Move> known = prevotes.get(place);
    if (known == null) {
      Tries tries = new Tries(from, Phase.PREVOTE);
      for (List<Step> start : starts(from)) {
        if (round == 0) {
          tries.add(start, new Step.Start());
        } else {
          showAndOffer(tries, start, from, round, pols);
        }
      }
      if (round == 0) {
        tries.add(List.of()); // comes late, in a round ≥ 1
      }
      known = tries.moves();
      prevotes.put(place, known);
    }
    return known;
  }

  private List<List<Step>> starts(State from) {
    return mayCrash && from.key().isStarted()
        ? List.of(List.of(), List.of(new Step.Restart()))
        : List.of(List.of());
  }

  private void showAndOffer(Tries tries, List<Step> start, State from, int round, List<Pol> pols)
      throws Misstep {
    List<Pol> unknown = pols.stream().filter(pol -> !from.key().holds(pol)).toList();
    for (int subset = 0; subset < 1 << unknown.size(); subset++) {
      List<Step> before = new ArrayList<>(start);
      before.add(new Step.Jump(round));
      for (int i = 0; i < unknown.size(); i++) {
        if ((subset >> i & 1) != 0) {
          before.add(new Step.Show(unknown.get(i)));
        }
      }
      tries.add(before, new Step.Timeout(PROPOSE));
      for (int value = 0; value < committee.values.count(); value++) {
        tries.add(before, new Step.Offer(round, value, Optional.empty(), false));
      }
      if (subset == 0) {
        offerWithPol(tries, before, round, unknown, pols);
      }
    }
  }

  /** Proposals with a POL, good or bad, and one of an invalid value. */
  private void offerWithPol(
      Tries tries, List<Step> before, int round, List<Pol> unknown, List<Pol> pols) throws Misstep {
    for (Pol pol : unknown) {
      tries.add(before, new Step.Offer(round, pol.value(), Optional.of(pol), false));
    }
    tries.add(before, new Step.Offer(round, committee.values.invalid(), Optional.empty(), false));
    int quorum = Committee.quorum(committee.n);
    for (int value = 0; value < committee.values.count(); value++) {
      int wanted = value;
      if (pols.stream().noneMatch(pol -> pol.isAbout(round - 1, wanted))) {
        Pol weak = new Pol(round - 1, value, Optional.empty(), quorum - 1);
        Pol forged = new Pol(round - 1, value, Optional.empty(), quorum);
        tries.add(before, new Step.Offer(round, value, Optional.of(weak), false));
        tries.add(before, new Step.Offer(round, value, Optional.of(forged), true));
      }
    }
  }

  /**
   * Ways through the precommit of a round.
   *
   * @param votes for each value the POL rounds of all honest prevotes for it, this one's included
   */
  List<Move> precommits(State from, int round, List<List<Integer>> votes, int shown, List<Pol> pols)
      throws Misstep {
    List<Object> place = List.of(from.id(), round, votes, shown);
    List<Move> known = precommits.get(place);
    if (known == null) {
      Tries tries = new Tries(from, Phase.PRECOMMIT);
      tries.add(List.of());
      if (from.key().isStarted()) {
        for (List<Step> start : starts(from)) {
          count(tries, start, from, round, votes, pols);
          if (!start.isEmpty() && round > 0) {
            signAgain(tries, start, round);
          }
        }
      }
      known = tries.moves();
      precommits.put(place, known);
    }
    return known;
  }

  private void count(
      Tries tries,
      List<Step> start,
      State from,
      int round,
      List<List<Integer>> votes,
      List<Pol> pols)
      throws Misstep {
    for (int value = 0; value < votes.size(); value++) {
      List<Integer> of = new ArrayList<>(votes.get(value));
      if (of.size() + traitors < Committee.quorum(committee.n) - 1) {
        continue;
      }
      for (Replica.Ballot own : from.vote()) {
        if (own.value() == value) {
          of.remove((Integer) own.polRound());
        }
      }
      Step.Prevotes all = new Step.Prevotes(round, value, List.copyOf(of), traitors);
      tries.add(start, all);
      List<Step> named = new ArrayList<>(start);
      for (Pol pol : pols) {
        if (pol.value() == value
            && of.contains(pol.round())
            && !from.key().holdsExactly(pol.round(), value)) {
          named.add(new Step.Show(pol));
        }
      }
      if (named.size() > start.size()) {
        tries.add(named, all);
      }
    }
  }

  /** After a restart in the middle of a round other proposals come: no second vote may follow. */
  private void signAgain(Tries tries, List<Step> start, int round) throws Misstep {
    List<Step> before = new ArrayList<>(start);
    before.add(new Step.Jump(round));
    for (int value = 0; value < committee.values.count(); value++) {
      List<Step> offered = new ArrayList<>(before);
      offered.add(new Step.Offer(round, value, Optional.empty(), false));
      tries.add(offered, new Step.Timeout(PROPOSE));
    }
  }

  /** Whether this validator decides when it gets these precommits. */
  boolean decides(State at, int round, int value, int honest) {
    return decisions.computeIfAbsent(
        List.of(at.id(), round, value, honest),
        place ->
            locals
                    .decisionAfter(at, List.of(new Step.Precommits(round, value, honest, traitors)))
                    .orElse(Values.NIL)
                == value);
  }

  /** The different states that some tries lead to. */
  private final class Tries {
    private final State from;
    private final Phase phase;
    private final Map<List<Integer>, Move> found = new java.util.LinkedHashMap<>();

    Tries(State from, Phase phase) {
      this.from = from;
      this.phase = phase;
    }

    void add(List<Step> before, Step... last) throws Misstep {
      List<Step> steps = new ArrayList<>(before);
      steps.addAll(List.of(last));
      int crashes = steps.stream().anyMatch(Step.Restart.class::isInstance) ? 1 : 0;
      State to = locals.after(from, steps, phase);
      boolean isFree = found.containsKey(List.of(to.id(), 0));
      if (!isFree) {
        found.putIfAbsent(List.of(to.id(), crashes), new Move(to, crashes, List.copyOf(steps)));
      }
    }

    List<Move> moves() {
      return List.copyOf(found.values());
    }
  }
}
