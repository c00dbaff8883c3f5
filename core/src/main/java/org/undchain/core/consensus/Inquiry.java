package org.undchain.core.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.machine.Effect;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.ReconFetch;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Asks for what is missing of a value that matters (R4.24, R4.26): header and ids by hash, then
 * contents by id, of f+1 members that voted for or proposed it, so of one honest one at least. Each
 * value is asked for once until {@link #again}, then of the next members.
 */
final class Inquiry {
  /** Ids of missing contents asked for at once. */
  private static final int IDS_MAX = 512;

  private final Agreement.Terms terms;
  private final Tally tally;
  private final Voice voice;
  private final TreeSet<Hash> asked = new TreeSet<>();
  private int times;

  Inquiry(Agreement.Terms terms, Tally tally, Voice voice) {
    this.terms = terms;
    this.tally = tally;
    this.voice = voice;
  }

  boolean isOpen(Hash value) {
    return asked.contains(value);
  }

  void close(Hash value) {
    asked.remove(value);
  }

  /** What is still missing may be asked for again. */
  void again() {
    asked.clear();
    times++;
  }

  /** Header and ids of a value, or empty and they are asked for. */
  Optional<Candidate> require(Hash value, List<Effect> out) {
    Optional<Candidate> candidate = tally.candidates().of(value);
    if (candidate.isEmpty()) {
      ask(value, ReconFetch.newBuilder().setHeaderHash(value.toByteString()), out);
    }
    return candidate;
  }

  void askContents(Hash value, List<Hash> ids, List<Effect> out) {
    ReconFetch.Builder fetch = ReconFetch.newBuilder();
    ids.stream().limit(IDS_MAX).forEach(id -> fetch.addIds(id.toByteString()));
    ask(value, fetch, out);
  }

  private void ask(Hash value, ReconFetch.Builder fetch, List<Effect> out) {
    if (asked.add(value)) {
      voice.broadcast(sources(value), voice.recon().setFetch(fetch).build(), out);
    }
  }

  private List<NodeId> sources(Hash value) {
    ValidatorSet set = terms.set();
    TreeSet<Integer> holders = tally.holdersOf(value);
    holders.remove(set.indexOf(terms.self()));
    List<NodeId> ids =
        holders.isEmpty()
            ? set.others(terms.self())
            : holders.stream().map(member -> set.member(member).id()).toList();
    List<NodeId> chosen = new ArrayList<>();
    for (int i = 0; i < Math.min(set.faulty() + 1, ids.size()); i++) {
      chosen.add(ids.get((times + i) % ids.size()));
    }
    return chosen;
  }
}
