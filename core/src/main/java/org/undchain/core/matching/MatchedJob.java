package org.undchain.core.matching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.MatchLeaf;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Request;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * One job while it looks for partners (R6.4, R6.5): who heard of it, who bid, and which offers went
 * to the client.
 *
 * <p>Bids of the first moment wait and are then put in the order of a hash that nobody chooses, so
 * neither a short way to the validator nor a partner's number of names buys the first place; later
 * ones follow as they come. The queue only grows, and a place in it is the offer's {@code seq}, so
 * a client that comes back gets the same offers under the same numbers.
 */
final class MatchedJob {
  /** Most bids of one job. */
  static final int BIDS_MAX = 256;

  private static final int WAVE_FACTOR = 4;
  private static final long WAVE_MILLIS = 1000;

  private final long number;
  private final OpenedEntry entry;
  private final long slot;
  private final Hash beacon;
  private final RunRules rules;
  private final BlockTime sortAt;
  private final Set<NodeId> noticed = new LinkedHashSet<>();
  private final Map<NodeId, Opened> bids = new TreeMap<>();
  private final List<Opened> early = new ArrayList<>();
  private final List<Opened> queue = new ArrayList<>();
  private final Set<Hash> forwarded = new LinkedHashSet<>();
  private final Set<NodeId> unreachable = new TreeSet<>();
  private Optional<NodeId> client = Optional.empty();
  private boolean isSorted;
  private boolean isOpen = true;
  private boolean isStopped;
  private int next;
  private int offered;
  private int offersMax = BIDS_MAX;
  private BlockTime nextWave;
  private BlockTime endsAt;

  /**
   * @param number of this validator's own count, which names the job's timer
   * @param slot of the job file that holds the request
   * @param beacon that draws the order of partners
   */
  MatchedJob(
      long number, OpenedEntry entry, long slot, Hash beacon, RunRules rules, BlockTime now) {
    this.number = number;
    this.entry = entry;
    this.slot = slot;
    this.beacon = beacon;
    this.rules = rules;
    this.sortAt = now.plusMillis(rules.bidBatchMillis());
    this.nextWave = now;
    this.endsAt = now.plusMillis(rules.offerStreamMillis());
  }

  long number() {
    return number;
  }

  OpenedEntry entry() {
    return entry;
  }

  Hash id() {
    return entry.id();
  }

  Request request() {
    return entry.body().getRequest();
  }

  long slot() {
    return slot;
  }

  boolean isOpen() {
    return isOpen;
  }

  boolean isStopped() {
    return isStopped;
  }

  BlockTime endsAt() {
    return endsAt;
  }

  Optional<NodeId> client() {
    return client;
  }

  /** When something happens by itself next; only while it is open or bids wait for their order. */
  Optional<BlockTime> nextDue() {
    if (!isOpen) {
      return isSorted ? Optional.empty() : Optional.of(sortAt);
    }
    BlockTime due = nextWave.isBefore(endsAt) ? nextWave : endsAt;
    return Optional.of(!isSorted && sortAt.isBefore(due) ? sortAt : due);
  }

  // --- notices
  // ------------------------------------------------------------------------------------

  boolean isWaveDue(BlockTime now) {
    return isOpen && !now.isBefore(nextWave);
  }

  /** The partners to tell now: of those that fit and have not heard of it, the first by hash. */
  List<NodeId> nextWave(BlockTime now, List<NodeId> fitting) {
    assert isWaveDue(now) : now;
    nextWave = now.plusMillis(WAVE_MILLIS);
    if (bids.size() >= offersMax) {
      return List.of();
    }
    int size = WAVE_FACTOR * Math.min(request().getSeats(), rules.maxPartners());
    List<NodeId> wave =
        fitting.stream()
            .filter(partner -> !noticed.contains(partner))
            .sorted(Comparator.comparing(this::rank))
            .limit(size)
            .toList();
    noticed.addAll(wave);
    return wave;
  }

  private Hash rank(NodeId partner) {
    return Hashes.sha256(
        beacon.bytes().unsafeArray(), id().bytes().unsafeArray(), partner.bytes().unsafeArray());
  }

  // --- bids
  // ---------------------------------------------------------------------------------------

  Optional<Opened> bidOf(NodeId partner) {
    return Optional.ofNullable(bids.get(partner));
  }

  int bids() {
    return bids.size();
  }

  boolean hasRoom() {
    return bids.size() < BIDS_MAX;
  }

  /** Takes the first bid of a partner. */
  void add(Opened bid) {
    assert hasRoom() && !bids.containsKey(bid.signer()) : bid.id();
    bids.put(bid.signer(), bid);
    (isSorted ? queue : early).add(bid);
  }

  /** Orders the bids of the first moment, once it is over. */
  void sortIfDue(BlockTime now) {
    if (!isSorted && !now.isBefore(sortAt)) {
      isSorted = true;
      early.sort(Comparator.comparing(bid -> rank(bid.signer())));
      queue.addAll(early);
      early.clear();
    }
  }

  // --- the stream to the client
  // -------------------------------------------------------------------

  /** The client listens on this connection: every offer from the first on, for a full stream. */
  void open(BlockTime now, NodeId peer, int max) {
    client = Optional.of(peer);
    next = 0;
    offered = 0;
    offersMax = max == 0 ? BIDS_MAX : Math.min(max, BIDS_MAX);
    if (!isOpen) {
      isOpen = true;
      isStopped = false;
      nextWave = now;
    }
    endsAt = now.plusMillis(rules.offerStreamMillis());
  }

  /** The client wants more offers than it asked for before. */
  void more(BlockTime now, int max) {
    offersMax = max == 0 ? BIDS_MAX : Math.min(BIDS_MAX, offersMax + max);
    nextWave = now;
  }

  /** R6.5: the client has enough. */
  void stop() {
    isStopped = true;
    close();
  }

  void close() {
    isOpen = false;
    client = Optional.empty();
  }

  void disconnect() {
    client = Optional.empty();
  }

  /**
   * An offered partner did not answer (R6.9): another offer may take its place.
   *
   * @return false if no offer of it went to the client
   */
  boolean reportUnreachable(NodeId partner) {
    boolean wasOffered = bidOf(partner).filter(bid -> forwarded.contains(bid.id())).isPresent();
    if (wasOffered && unreachable.add(partner)) {
      offersMax = Math.min(BIDS_MAX, offersMax + 1);
    }
    return wasOffered;
  }

  /** The next bid to offer, if the client listens and wants more. */
  Optional<Opened> peekOffer() {
    return isOpen && client.isPresent() && next < queue.size() && offered < offersMax
        ? Optional.of(queue.get(next))
        : Optional.empty();
  }

  /** Counts the bid of {@link #peekOffer} as offered, or passes over it; its place from 1. */
  int passOffer(boolean isForwarded) {
    if (isForwarded) {
      forwarded.add(queue.get(next).id());
      offered++;
    }
    return ++next;
  }

  /** What a matcher commits to (R6.8). */
  MatchLeaf leaf() {
    MatchLeaf.Builder leaf = MatchLeaf.newBuilder().setJobId(id().toByteString());
    noticed.forEach(partner -> leaf.addNoticed(partner.toByteString()));
    bids.values().stream()
        .map(Opened::id)
        .sorted()
        .forEach(bid -> leaf.addBids(bid.toByteString()));
    forwarded.forEach(bid -> leaf.addForwarded(bid.toByteString()));
    return leaf.build();
  }
}
