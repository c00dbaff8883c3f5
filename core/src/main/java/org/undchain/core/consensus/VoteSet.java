package org.undchain.core.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.undchain.core.value.Hash;

/**
 * The votes of one round and type: of each member the first one counts. At most one ballot per
 * member, so at most 10.
 */
final class VoteSet {
  private final TreeMap<Integer, Ballot> ballots = new TreeMap<>();

  /** Adds a ballot unless its member has one; the one it has is returned. */
  Optional<Ballot> add(Ballot ballot) {
    return Optional.ofNullable(ballots.putIfAbsent(ballot.member(), ballot));
  }

  Optional<Ballot> of(int member) {
    return Optional.ofNullable(ballots.get(member));
  }

  int size() {
    return ballots.size();
  }

  /** Ballots for a value that count, in set order. */
  List<Ballot> counted(Hash value, Predicate<Ballot> counts) {
    List<Ballot> found = new ArrayList<>();
    for (Ballot ballot : ballots.values()) {
      if (ballot.isFor(value) && counts.test(ballot)) {
        found.add(ballot);
      }
    }
    return found;
  }

  List<Ballot> counted(Hash value) {
    return counted(value, ballot -> true);
  }

  /** How many ballots the value has that most members voted for, nil not among the values. */
  int most() {
    int most = 0;
    for (Hash value : values()) {
      most = Math.max(most, counted(value).size());
    }
    return most;
  }

  /** The values voted for, nil not among them. */
  TreeSet<Hash> values() {
    TreeSet<Hash> values = new TreeSet<>();
    for (Ballot ballot : ballots.values()) {
      if (!ballot.isNil()) {
        values.add(ballot.value());
      }
    }
    return values;
  }
}
