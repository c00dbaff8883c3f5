package org.undchain.core.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.machine.Load;
import org.undchain.core.message.Cert;
import org.undchain.core.value.Hash;

/**
 * The POLs of one height that this validator holds, each with all that its votes name (R4.24a), so
 * each can be sent complete. With at most f traitors a round has at most one (Lemma 1).
 */
final class Pols {
  private static final int ROUNDS_MAX = Certificates.EARLIER_MAX;
  private static final int PER_ROUND_MAX = 2;

  private final TreeMap<Integer, TreeMap<Hash, Cert>> rounds = new TreeMap<>();

  Load load() {
    return new Load("rounds with a POL", rounds.size(), ROUNDS_MAX);
  }

  boolean holds(int round, Hash value) {
    return bare(round, value).isPresent();
  }

  /** Whether a prevote counts: it names no POL, or one that is held here (R4.24a). */
  boolean counts(Ballot prevote) {
    return prevote.polRound() == Ballot.NO_ROUND || holds(prevote.polRound(), prevote.value());
  }

  /** Keeps a verified POL and those it carries; true if it is new. */
  boolean add(Cert cert) {
    for (Cert earlier : cert.getEarlierList()) {
      keep(earlier);
    }
    return keep(cert.toBuilder().clearEarlier().build());
  }

  /** The values with a POL in a round. */
  List<Hash> valuesAt(int round) {
    TreeMap<Hash, Cert> held = rounds.get(round);
    return held == null ? List.of() : List.copyOf(held.keySet());
  }

  TreeSet<Hash> values() {
    TreeSet<Hash> values = new TreeSet<>();
    rounds.values().forEach(round -> values.addAll(round.keySet()));
    return values;
  }

  /** Highest round below {@code round} with a POL for this value, else −1 (R4.23). */
  int newestBefore(int round, Hash value) {
    for (int held : rounds.headMap(round, false).descendingKeySet()) {
      if (holds(held, value)) {
        return held;
      }
    }
    return Ballot.NO_ROUND;
  }

  /** A held POL with the earlier ones it needs, as it is sent. */
  Optional<Cert> complete(int round, Hash value) {
    return bare(round, value)
        .map(cert -> {
          TreeMap<Integer, Cert> needed = new TreeMap<>();
          collect(cert, value, needed);
          return cert.toBuilder().addAllEarlier(needed.values()).build();
        });
  }

  /** Everything held, complete, ascending by round. */
  List<Cert> all() {
    List<Cert> all = new ArrayList<>();
    for (int round : rounds.keySet()) {
      valuesAt(round).forEach(value -> complete(round, value).ifPresent(all::add));
    }
    return all;
  }

  private Optional<Cert> bare(int round, Hash value) {
    TreeMap<Hash, Cert> held = rounds.get(round);
    return held == null ? Optional.empty() : Optional.ofNullable(held.get(value));
  }

  private void collect(Cert cert, Hash value, TreeMap<Integer, Cert> needed) {
    for (int named : Certificates.namedRounds(cert).descendingSet()) {
      Optional<Cert> earlier = bare(named, value);
      if (earlier.isPresent() && needed.putIfAbsent(named, earlier.get()) == null) {
        collect(earlier.get(), value, needed);
      }
    }
  }

  private boolean keep(Cert bare) {
    if (!rounds.containsKey(bare.getRound()) && rounds.size() == ROUNDS_MAX) {
      return false;
    }
    TreeMap<Hash, Cert> round = rounds.computeIfAbsent(bare.getRound(), fresh -> new TreeMap<>());
    Hash value = Hash.of(bare.getValue());
    if (round.containsKey(value) || round.size() == PER_ROUND_MAX) {
      return false;
    }
    round.put(value, bare);
    return true;
  }
}
