package org.undchain.sim.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.undchain.core.consensus.Agreement;
import org.undchain.core.message.Cert;
import org.undchain.core.value.Hash;
import org.undchain.sim.explore.FixedFiles.Kind;
import org.undchain.sim.explore.Replica.Ballot;

/**
 * All states that one honest validator can get into, numbered as they are found. A state is told by
 * what decides its future: file, round, lock in memory and on disk, POLs held, vote of this phase.
 * Each remembers the shortest way into it; a further step runs the real machine all that way again.
 *
 * <p>That two ways into one state are really the same is checked, too.
 */
final class Locals {
  private static final int ME = 0;

  private final Committee committee;
  private final List<State> states = new ArrayList<>();
  private final Map<Key, State> byKey = new HashMap<>();
  private long runs;

  /**
   * One state, with the first way that led into it.
   *
   * @param vote given in this phase for a value, if any
   */
  record State(int id, Key key, Kind kind, List<Step> way, List<Ballot> vote) {}

  /**
   * What decides the future of a validator, and no more. That votes name other POLs changes
   * nothing, since whoever delivers a vote can deliver the POL it names, too; nor do POLs below the
   * lock for other values, nor any but the newest for a value.
   *
   * @param own the value of the own file, as long as nothing was voted
   * @param pols for each value the newest POL held
   * @param vote value of the vote in this phase, {@link Values#NIL} for nil or none
   */
  record Key(
      int own,
      boolean insists,
      int round,
      int lockedRound,
      int lockedValue,
      int recordedLock,
      List<Integer> pols,
      int vote) {
    private static final int ROUND = 8;

    /** Whether this POL is held, or a newer one for its value. */
    boolean holds(Pol pol) {
      return pols.stream()
          .anyMatch(name -> name % ROUND == pol.value() && name / ROUND >= pol.round());
    }

    boolean holdsExactly(int ofRound, int value) {
      return pols.contains(name(ofRound, value));
    }

    private static int name(int round, int value) {
      return ROUND * round + value;
    }

    boolean isStarted() {
      return round >= 0;
    }
  }

  /** An honest validator did what none does. */
  static final class Misstep extends Exception {
    private static final long serialVersionUID = 1;
    final transient List<Step> way;

    Misstep(String what, List<Step> way) {
      super(what);
      this.way = way;
    }
  }

  enum Phase {
    PREVOTE,
    PRECOMMIT
  }

  Locals(Committee committee) {
    this.committee = committee;
  }

  State fresh(Kind kind) {
    return intern(kind, new Replica(committee, ME, kind), Phase.PREVOTE, List.of());
  }

  State state(int id) {
    return states.get(id);
  }

  int size() {
    return states.size();
  }

  /** How often a machine was run. */
  long runs() {
    return runs;
  }

  /** The state after some steps more. */
  State after(State from, List<Step> steps, Phase phase) throws Misstep {
    Replica replica = replay(from, steps);
    List<Step> way = new ArrayList<>(from.way());
    way.addAll(steps);
    if (replica.breach().isPresent()) {
      throw new Misstep(replica.breach().get(), way);
    }
    return intern(from.kind(), replica, phase, List.copyOf(way));
  }

  /** What a validator in this state decides after some steps more. */
  OptionalInt decisionAfter(State from, List<Step> steps) {
    return replay(from, steps).decided();
  }

  private Replica replay(State from, List<Step> steps) {
    runs++;
    Replica replica = new Replica(committee, ME, from.kind());
    from.way().forEach(replica::apply);
    steps.forEach(replica::apply);
    return replica;
  }

  private State intern(Kind kind, Replica replica, Phase phase, List<Step> way) {
    int round = replica.agreement().round();
    var given = phase == Phase.PREVOTE ? replica.prevote(round) : replica.precommit(round);
    List<Ballot> vote = given.filter(it -> it.value() != Values.NIL).stream().toList();
    Key key = key(kind, replica, vote);
    State known = byKey.get(key);
    if (known == null) {
      known = new State(states.size(), key, kind, way, vote);
      byKey.put(key, known);
      states.add(known);
    }
    return known;
  }

  private Key key(Kind kind, Replica replica, List<Ballot> vote) {
    Agreement agreement = replica.agreement();
    Agreement.Standing standing = agreement.standing();
    int lockedValue = committee.values.of(standing.lockedValue());
    List<Integer> newest = new ArrayList<>();
    for (Cert pol : agreement.pols().reversed()) {
      int value = committee.values.of(Hash.of(pol.getValue()));
      boolean matters = value == lockedValue || pol.getRound() >= standing.lockedRound();
      if (matters && newest.stream().noneMatch(name -> name % Key.ROUND == value)) {
        newest.add(Key.name(pol.getRound(), value));
      }
    }
    return new Key(
        agreement.isStarted() ? Values.NIL : kind.own(),
        kind.insists(),
        agreement.round(),
        standing.lockedRound(),
        lockedValue,
        replica.recordedLock(),
        newest,
        vote.isEmpty() ? Values.NIL : vote.getFirst().value());
  }
}
