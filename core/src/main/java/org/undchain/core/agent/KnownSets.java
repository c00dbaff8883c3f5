package org.undchain.core.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.SetCert;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The validator sets an agent trusts: the one it was given, and each later one that f + 1 members
 * of the set before it name, so at least one honest member does. Only the newest two are kept: one
 * period ends while entries of it are still on their way.
 */
public final class KnownSets {
  private static final int KEPT = 2;

  private final List<ValidatorSet> sets = new ArrayList<>();
  private final Map<NodeId, ValidatorSet> vouched = new TreeMap<>();

  public KnownSets(ValidatorSet first) {
    sets.add(first);
  }

  public ValidatorSet newest() {
    return sets.getLast();
  }

  /** The set that stamps the slots of a period. */
  public Optional<ValidatorSet> ofPeriod(long period) {
    return sets.stream().filter(set -> set.cert().getPeriod() == period).findFirst();
  }

  public boolean isMember(NodeId id) {
    return sets.stream().anyMatch(set -> set.contains(id));
  }

  /** Whether f + 1 members of one set are among the witnesses. */
  public boolean isProof(Collection<NodeId> witnesses) {
    return sets.stream()
        .anyMatch(set -> witnesses.stream().filter(set::contains).count() > set.faulty());
  }

  /** Whether these witnesses prove a result in one of the sets. */
  public boolean isResultProof(Collection<NodeId> witnesses) {
    return sets.stream().anyMatch(set -> set.isResultProof(witnesses));
  }

  /** Whether these stamps make a promise in one of the sets. */
  public boolean isPromise(Collection<NodeId> stampers) {
    return sets.stream().anyMatch(set -> set.isPromise(stampers));
  }

  /** A member names a set; true if that made it the newest one. */
  public boolean vouch(NodeId member, SetCert cert) {
    if (cert.getPeriod() <= newest().cert().getPeriod() || !newest().contains(member)) {
      return false;
    }
    Optional<ValidatorSet> named = ValidatorSet.of(cert).filter(this::follows);
    if (named.isEmpty()) {
      return false;
    }
    vouched.put(member, named.get());
    Hash hash = named.get().hash();
    long equal = vouched.values().stream().filter(set -> set.hash().equals(hash)).count();
    if (equal <= newest().faulty()) {
      return false;
    }
    sets.add(named.get());
    if (sets.size() > KEPT) {
      sets.removeFirst();
    }
    vouched.clear();
    return true;
  }

  private boolean follows(ValidatorSet set) {
    return set.cert().getPeriod() > newest().cert().getPeriod() + 1
        || set.cert().getPrevSetHash().equals(newest().hash().toByteString());
  }
}
