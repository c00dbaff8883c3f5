package org.undchain.core.consensus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.machine.Load;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * All votes of one height, the highest round each member is known to be in (R4.27), and the
 * breaches that two votes prove (E1, E6).
 *
 * <p>Bounded: rounds from {@link #PAST_ROUNDS} before the current one to {@link #AHEAD_ROUNDS}
 * after it, one ballot per member, round and type, one breach per member and code.
 */
final class VoteBook {
  static final int PAST_ROUNDS = 32;
  static final int AHEAD_ROUNDS = 8;

  private final ValidatorSet set;
  private final TreeMap<Integer, VoteSet> prevotes = new TreeMap<>();
  private final TreeMap<Integer, VoteSet> precommits = new TreeMap<>();
  private final int[] highest;
  private final TreeSet<Long> convicted = new TreeSet<>();
  private final List<Breach> breaches = new ArrayList<>();

  VoteBook(ValidatorSet set) {
    this.set = set;
    this.highest = new int[set.n()];
    Arrays.fill(highest, Ballot.NO_ROUND);
  }

  static boolean isNear(int round, int current) {
    return round >= current - PAST_ROUNDS && round <= current + AHEAD_ROUNDS;
  }

  /** Enters a ballot whose round {@link #isNear}; true if it is new. */
  boolean add(Ballot ballot) {
    noteRound(ballot.member(), ballot.round());
    Optional<Ballot> before = at(ballot.type(), ballot.round()).add(ballot);
    if (before.isEmpty()) {
      convictIgnoredLocks(ballot);
      return true;
    }
    if (!before.get().id().equals(ballot.id())) {
      NodeId offender = set.member(ballot.member()).id();
      convict(
          ballot.member(),
          new Breach.DoubleVote(offender, before.get().envelope(), ballot.envelope()));
    }
    return false;
  }

  void noteRound(int member, int round) {
    highest[member] = Math.max(highest[member], round);
  }

  /**
   * The largest round that ≥ f+1 members, so at least one honest one, are known to have reached.
   */
  int reachedRound() {
    int[] sorted = highest.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1 - set.faulty()];
  }

  /** The last place in which a member is known to have voted. */
  Optional<Ballot> lastOf(int member) {
    TreeSet<Integer> rounds = new TreeSet<>(prevotes.keySet());
    rounds.addAll(precommits.keySet());
    for (int round : rounds.descendingSet()) {
      Optional<Ballot> last = precommits(round).of(member).or(() -> prevotes(round).of(member));
      if (last.isPresent()) {
        return last;
      }
    }
    return Optional.empty();
  }

  Load load() {
    int rounds = Math.max(prevotes.size(), precommits.size());
    return new Load("rounds with votes", rounds, PAST_ROUNDS + 1 + AHEAD_ROUNDS);
  }

  VoteSet prevotes(int round) {
    return prevotes.getOrDefault(round, new VoteSet());
  }

  VoteSet precommits(int round) {
    return precommits.getOrDefault(round, new VoteSet());
  }

  NavigableMap<Integer, VoteSet> allPrevotes() {
    return prevotes;
  }

  NavigableMap<Integer, VoteSet> allPrecommits() {
    return precommits;
  }

  /** Who voted for a value in any round: those to ask for its content, in set order. */
  TreeSet<Integer> votersOf(Hash value) {
    TreeSet<Integer> voters = new TreeSet<>();
    for (var rounds : List.of(prevotes, precommits)) {
      for (VoteSet votes : rounds.values()) {
        votes.counted(value).forEach(ballot -> voters.add(ballot.member()));
      }
    }
    return voters;
  }

  /** Every vote at hand that is not nil, prevotes first. */
  List<Ballot> all() {
    List<Ballot> all = new ArrayList<>();
    for (var rounds : List.of(prevotes, precommits)) {
      for (VoteSet votes : rounds.values()) {
        votes.values().forEach(value -> all.addAll(votes.counted(value)));
      }
    }
    return all;
  }

  void forgetBefore(int round) {
    prevotes.headMap(round).clear();
    precommits.headMap(round).clear();
  }

  /** Keeps a breach unless this member was convicted of the same code before. */
  void convict(int member, Breach breach) {
    if (convicted.add(member * 16L + breach.code())) {
      breaches.add(breach);
    }
  }

  /** The breaches since the last call. */
  List<Breach> drainBreaches() {
    List<Breach> drained = List.copyOf(breaches);
    breaches.clear();
    return drained;
  }

  private VoteSet at(VoteType type, int round) {
    var rounds = type == VoteType.VOTE_TYPE_PREVOTE ? prevotes : precommits;
    return rounds.computeIfAbsent(round, fresh -> new VoteSet());
  }

  /** E6: PRECOMMIT(r, V) and PREVOTE(r′ &gt; r, V′ ≠ V, polRound &lt; r), neither of them nil. */
  private void convictIgnoredLocks(Ballot ballot) {
    if (ballot.isNil()) {
      return;
    }
    boolean isPrevote = ballot.type() == VoteType.VOTE_TYPE_PREVOTE;
    var others =
        isPrevote
            ? precommits.headMap(ballot.round(), false)
            : prevotes.tailMap(ballot.round(), false);
    for (VoteSet votes : others.values()) {
      votes
          .of(ballot.member())
          .ifPresent(other -> {
            Ballot precommit = isPrevote ? other : ballot;
            Ballot prevote = isPrevote ? ballot : other;
            if (isIgnoredLock(precommit, prevote)) {
              NodeId offender = set.member(ballot.member()).id();
              convict(
                  ballot.member(),
                  new Breach.IgnoredLock(offender, precommit.envelope(), prevote.envelope()));
            }
          });
    }
  }

  private static boolean isIgnoredLock(Ballot precommit, Ballot prevote) {
    return !precommit.isNil()
        && !prevote.isNil()
        && !precommit.isFor(prevote.value())
        && prevote.round() > precommit.round()
        && prevote.polRound() < precommit.round();
  }
}
