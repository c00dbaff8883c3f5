package org.undchain.core.validator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.Agreement;
import org.undchain.core.consensus.Breach;
import org.undchain.core.crypto.Signer;
import org.undchain.core.evidence.Evidences;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Eligibility;
import org.undchain.core.ledger.State;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.ReconFetch;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * The breaches this validator found and wants on chain (section 4.7): proofs from votes and lanes,
 * and from what a decided height left behind ({@link HeightEvidence}). A breach is handed in until
 * its key is in the state, whoever's entry brought it there.
 */
final class Breaches {
  private static final int OPEN_MAX = 64;
  private static final long RETRY_MILLIS = 500;
  private static final BlockTime AT_ONCE = new BlockTime(0);

  private final Chain chain;
  private final Signer identity;
  private final TreeMap<Bytes, Case> open = new TreeMap<>();
  private Optional<HeightEvidence> height = Optional.empty();
  private boolean hasNews;

  /** The newest state that open breaches were looked up in: once for each, not at every event. */
  private State swept;

  /** A breach on its way: from when it may be handed in again. */
  private record Case(Evidence proof, BlockTime retryAt, long heldThrough) {}

  /** Where the chain stands: what an entry is judged by and signed for. */
  record Place(State state, long period, long slot) {}

  Breaches(Chain chain, Signer identity, State state) {
    this.chain = chain;
    this.swept = state;
    this.identity = identity;
  }

  /** Pairs of votes or proposals that one key must not have signed. */
  void pairs(List<Breach> breaches) {
    breaches.forEach(
        breach -> add(Evidences.ofPair(breach.code(), breach.first(), breach.second())));
  }

  /** Pairs of lane headers. */
  void forks(List<List<Envelope>> forks) {
    forks.forEach(fork -> add(Evidences.ofPair(Evidences.LANE_FORK, fork.get(0), fork.get(1))));
  }

  /**
   * A height was decided; its late votes are looked at until the next one is, and then once more,
   * since by then the stamps for the slot after it are there.
   */
  void decided(HeightEvidence evidence) {
    hasNews = true;
    judge();
    height = Optional.of(evidence);
    hasNews = true;
  }

  /** A vote that may be of the newest decided height. */
  void onVote(BlockTime now, Opened vote, List<Effect> out) {
    late().ifPresent(agreement -> agreement.onVote(now, vote, out));
  }

  /** The header of a value that may be of the newest decided height. */
  void onData(BlockTime now, NodeId peer, ReconData data, List<Effect> out) {
    late().ifPresent(agreement -> agreement.onData(now, peer, data, out));
  }

  /** Somebody asks for the header of a value that may be of the newest decided height. */
  void onFetch(BlockTime now, NodeId peer, ReconFetch fetch, List<Effect> out) {
    late().ifPresent(agreement -> agreement.onFetch(now, peer, fetch, out));
  }

  private Optional<Agreement> late() {
    hasNews = true;
    return height.flatMap(HeightEvidence::agreement);
  }

  /** Breaches to hand in now, sealed for the open slot. */
  List<OpenedEntry> due(BlockTime now, Place place) {
    judge();
    if (open.isEmpty()) {
      return List.of(); // asked after every event, and nearly always so
    }
    if (place.state() != swept) {
      swept = place.state();
      open.keySet().removeIf(key -> isOnChain(place, key));
    }
    List<OpenedEntry> due = new ArrayList<>();
    for (var one : new TreeMap<>(open).entrySet()) {
      Case breach = one.getValue();
      if (now.isBefore(breach.retryAt()) || place.slot() <= breach.heldThrough()) {
        continue;
      }
      open.put(one.getKey(), new Case(breach.proof(), now.plusMillis(RETRY_MILLIS), -1));
      Optional<OpenedEntry> entry =
          isOnChain(place, one.getKey()) ? Optional.empty() : seal(breach.proof(), place);
      entry.ifPresentOrElse(due::add, () -> open.remove(one.getKey()));
    }
    return due;
  }

  private static boolean isOnChain(Place place, Bytes key) {
    return place.state().evidence(key).isPresent();
  }

  /** The own lane holds this entry now: it is not handed in again while that entry is valid. */
  void handedIn(OpenedEntry entry) {
    Evidence evidence = entry.body().getEvidence();
    open.computeIfPresent(
        Evidences.keyOf(evidence),
        (key, breach) -> new Case(breach.proof(), breach.retryAt(), evidence.getValidTo()));
  }

  Load load() {
    return new Load("breaches to hand in", open.size(), OPEN_MAX);
  }

  private void judge() {
    if (!hasNews) {
      return;
    }
    hasNews = false;
    height.ifPresent(past -> {
      past.agreement().ifPresent(agreement -> pairs(agreement.breaches()));
      past.judge().forEach(this::add);
    });
  }

  private void add(Evidence proof) {
    boolean isSized = Canonical.encode(proof).size() < chain.rules().maxEntryBytes();
    if (isSized && open.size() < OPEN_MAX) {
      open.putIfAbsent(Evidences.keyOf(proof), new Case(proof, AT_ONCE, -1));
    }
  }

  /** The proof as an entry; empty if the ledger does not take it. */
  private Optional<OpenedEntry> seal(Evidence proof, Place place) {
    Evidence body =
        proof.toBuilder()
            .setValidFrom(place.slot())
            .setValidTo(place.slot() + chain.rules().validitySlots())
            .build();
    Envelope entry = Envelopes.sealEntry(chain.context(), identity, place.period(), body);
    return Envelopes.openEntry(chain.context(), chain.signatures(), entry)
        .good()
        .filter(opened ->
            !(Eligibility.check(chain, place.state(), opened, place.slot())
                instanceof Verdict.Reject));
  }
}
