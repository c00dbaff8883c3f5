package org.undchain.core.validator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Execution;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.ledger.NextSet;
import org.undchain.core.ledger.State;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.SetCert;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.payout.PeriodBlocks;
import org.undchain.core.payout.Settlement;
import org.undchain.core.value.Hash;

/**
 * The newest committed block, the state after it, and what follows from both: the slot, kind and
 * validators of the next block and every field of its header (R4.15, R4.18, R12.2). Applying a
 * block is the only change.
 */
public final class ChainHead {
  private static final int BEACONS_KEPT = 64;
  private static final int HEADER_VERSION = 1;
  private static final int SHA256 = 1;

  private final Chain chain;
  private State state;
  private long height;
  private long slot = -1;
  private long nextSlot;
  private Hash headerHash;
  private ValidatorSet set;
  private Optional<ValidatorSet> nextSet = Optional.empty();
  private boolean isPayoutNext;
  private final PeriodBlocks periodBlocks = new PeriodBlocks();
  private final TreeMap<Long, Hash> beacons = new TreeMap<>();
  private final TreeMap<Long, ValidatorSet> setsByPeriod = new TreeMap<>();
  private Optional<Settlement.Outcome> settlement = Optional.empty();

  /** A block as applied: what the rest of the validator tells the world about it. */
  public record Applied(CommittedBlock block, Optional<Settlement.Outcome> payout, State before) {}

  public ChainHead(Chain chain) {
    this.chain = chain;
    this.state = GenesisBlock.state(chain);
    this.headerHash = chain.context().chainId();
    this.set =
        ValidatorSet.of(GenesisBlock.firstSet(chain))
            .orElseThrow(() -> new IllegalArgumentException("the genesis names no valid set"));
    setsByPeriod.put(0L, set);
    keepBeacon();
  }

  /** Goes to where a checkpoint stands; all that was applied before is forgotten. */
  void begin(Checkpoint from) {
    state = from.state();
    advance(from.header(), Hashes.sha256(Canonical.encode(from.header())));
    setsByPeriod.clear();
    for (SetCert cert : from.sets()) {
      setsByPeriod.put(
          cert.getPeriod(),
          ValidatorSet.of(cert)
              .orElseThrow(() -> new IllegalStateException("the checkpoint names no valid set")));
    }
    set = setsByPeriod.lastEntry().getValue();
    nextSet = Optional.empty();
    periodBlocks.clear();
    settlement = Optional.empty();
    beacons.clear();
    beacons.putAll(from.beacons());
  }

  /**
   * What a restart may begin with; only when the newest block is this PAYOUT.
   *
   * @param closedBelow no stamp for a slot below it
   * @param noVotesBelow no vote for a slot below it
   */
  Checkpoint checkpoint(Header payout, long closedBelow, long noVotesBelow) {
    return new Checkpoint(payout, state, setCertsFrom(0), beacons, closedBelow, noVotesBelow);
  }

  public State state() {
    return state;
  }

  public long height() {
    return height;
  }

  /** Slot of the newest block, −1 at genesis. */
  public long slot() {
    return slot;
  }

  public Hash headerHash() {
    return headerHash;
  }

  /** N of R4.1: the first slot validators stamp for. */
  public long openSlot() {
    return isPayoutNext ? slot + 1 : nextSlot;
  }

  /** Slot of the block to be agreed on next. */
  public long workSlot() {
    return isPayoutNext ? slot : nextSlot;
  }

  public boolean isPayoutNext() {
    return isPayoutNext;
  }

  public long period() {
    return chain.calendar().periodOf(workSlot());
  }

  /** Validators of the next block. */
  public ValidatorSet set() {
    return set;
  }

  /**
   * The set of a slot that is open for stamps: this one's or, across the boundary, the selected
   * next one.
   */
  public Optional<ValidatorSet> setOf(long stampedSlot) {
    return chain.calendar().periodOf(stampedSlot) == set.cert().getPeriod()
        ? Optional.of(set)
        : nextSet;
  }

  /** The set of a period that was reached. */
  Optional<ValidatorSet> setOfPeriod(long period) {
    return Optional.ofNullable(setsByPeriod.get(period));
  }

  public List<SetCert> setCertsFrom(long period) {
    return setsByPeriod.tailMap(period, true).values().stream().map(ValidatorSet::cert).toList();
  }

  PeriodBlocks periodBlocks() {
    return periodBlocks;
  }

  /** Beacon of a beat (R8.1), or the newest one before it. */
  public Hash beacon(long beat) {
    Map.Entry<Long, Hash> at = beacons.floorEntry(beat);
    return at == null ? chain.context().chainId() : at.getValue();
  }

  /** Block number a stamp for this slot promises (R4.6). */
  public long heightOf(long stampedSlot) {
    long heights = height + 1 + (isPayoutNext ? 1 : 0);
    if (stampedSlot > openSlot()) {
      heights += 1 + (chain.calendar().isLastSlot(openSlot()) ? 1 : 0);
    }
    return heights;
  }

  /** nextSlot of a NORMAL block of the work slot that skips nothing (R4.18 a). */
  public long plainNextSlot() {
    return chain.calendar().isLastSlot(nextSlot) ? nextSlot : nextSlot + 1;
  }

  /** The header of the next NORMAL block with these ids (R4.15). */
  public Header header(List<Hash> ids, long following) {
    return header(entriesRoot(ids), ids.size(), following);
  }

  /** The same, for {@code count} ids whose root is known. */
  Header header(Hash entriesRoot, int count, long following) {
    return base(BlockKind.BLOCK_KIND_NORMAL)
        .setNextSlot(following)
        .setEntriesRoot(entriesRoot.toByteString())
        .setEntryCount(count)
        .build();
  }

  /** The one PAYOUT block that can follow (R12.2); deterministic. */
  public Candidate payoutCandidate() {
    Settlement.Outcome outcome = settle();
    Header header =
        base(BlockKind.BLOCK_KIND_PAYOUT)
            .setNextSlot(slot + 1)
            .setEntriesRoot(RadixTree.empty().root().toByteString())
            .setPayoutRoot(outcome.payoutRoot().toByteString())
            .setStateRoot(outcome.after().root().toByteString())
            .build();
    return new Candidate(header, List.of());
  }

  /**
   * What the blocks before lead to, with these entries and the next slot that {@code said} names.
   */
  Header expected(Header said, List<OpenedEntry> entries) {
    return isPayoutNext
        ? payoutCandidate().header()
        : header(entries.stream().map(OpenedEntry::id).toList(), said.getNextSlot());
  }

  /** Executes a decided block. The header must be the one this head computes itself. */
  public Applied apply(Header header, List<OpenedEntry> entries, Cert qc) {
    State before = state;
    CommittedBlock block;
    Optional<Settlement.Outcome> payout = Optional.empty();
    Hash hash = Hashes.sha256(Canonical.encode(header));
    if (header.getKind() == BlockKind.BLOCK_KIND_PAYOUT) {
      payout = Optional.of(settle());
      state = payout.get().after();
      block = new CommittedBlock(header, hash, List.of(), List.of(), qc);
      advance(header, hash);
      set =
          nextSet.orElseThrow(
              () -> new IllegalStateException("no set was selected before the boundary"));
      setsByPeriod.put(set.cert().getPeriod(), set);
      nextSet = Optional.empty();
      periodBlocks.clear();
      settlement = Optional.empty();
    } else {
      Execution.Outcome outcome = Execution.execute(chain, state, header, entries);
      state = outcome.after();
      block = new CommittedBlock(header, hash, entries, outcome.results(), qc);
      advance(header, hash);
      periodBlocks.add(block);
      select(header);
    }
    keepBeacon();
    return new Applied(block, payout, before);
  }

  private void advance(Header header, Hash hash) {
    height = header.getHeight();
    slot = header.getSlot();
    nextSlot = header.getNextSlot();
    headerHash = hash;
    isPayoutNext = header.getKind() == BlockKind.BLOCK_KIND_NORMAL && nextSlot == slot;
  }

  /**
   * R10.9: the set of P + 1 is a function of the state after the last block at or before the
   * selection slot.
   */
  private void select(Header header) {
    long selection = chain.calendar().selectionSlot(header.getPeriod());
    if (header.getSlot() <= selection && (header.getNextSlot() > selection || isPayoutNext)) {
      nextSet =
          Optional.of(
              ValidatorSet.of(NextSet.carriedOn(chain, state, set))
                  .orElseThrow(() -> new IllegalStateException("the next set is not well-formed")));
    }
  }

  private Settlement.Outcome settle() {
    if (settlement.isEmpty()) {
      settlement =
          Optional.of(
              Settlement.settle(
                  chain,
                  state,
                  chain.calendar().periodOf(slot),
                  periodBlocks,
                  nextSet.map(ValidatorSet::cert)));
    }
    return settlement.get();
  }

  private void keepBeacon() {
    beacons.put(state.params().getBeaconBeat(), Hash.of(state.params().getBeacon()));
    while (beacons.size() > BEACONS_KEPT) {
      beacons.pollFirstEntry();
    }
  }

  private Header.Builder base(BlockKind kind) {
    Header.Builder header =
        Header.newBuilder()
            .setVersion(HEADER_VERSION)
            .setKind(kind)
            .setHashAlg(SHA256)
            .setChainId(chain.context().chainId().toByteString())
            .setHeight(height + 1)
            .setSlot(workSlot())
            .setPeriod(period())
            .setParentHash(headerHash.toByteString())
            .setPrevStateRoot(state.root().toByteString())
            .setSetHash(set.hash().toByteString())
            .setRulesHash(chain.rules().rulesHash().toByteString());
    nextSet.ifPresent(next -> header.setNextSetHash(next.hash().toByteString()));
    return header;
  }

  static Hash entriesRoot(List<Hash> ids) {
    RadixTree<Hash> tree = RadixTree.empty();
    for (Hash id : ids) {
      tree = tree.withMember(id, id);
    }
    return tree.root();
  }
}
