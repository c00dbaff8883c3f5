package org.undchain.node.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.undchain.core.consensus.Certificates;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Block;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Opening;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.sync.BlockCheck;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.store.NodeStore;
import org.undchain.node.store.RocksStore;
import org.undchain.node.store.StoreException;

/** The one chain that all stores must hold, height by height, as the first that has it shows it. */
final class ChainBook {
  private final Chain chain;
  private final List<Row> rows = new ArrayList<>();
  private final Map<Long, ValidatorSet> sets = new HashMap<>();
  private final Map<Hash, Row> entries = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private long blocks;
  private long lowestTop = Long.MAX_VALUE;

  /** A block without its contents. */
  private record Row(long height, long slot, Hash headerHash, List<Hash> ids, String firstSeenAt) {}

  ChainBook(Chain chain) {
    this.chain = chain;
    sets.put(0L, ValidatorSet.of(GenesisBlock.firstSet(chain)).orElseThrow());
  }

  /** The validators of the period of a slot, as far as a PAYOUT that was read names them. */
  Optional<ValidatorSet> setOf(long slot) {
    return Optional.ofNullable(sets.get(chain.calendar().periodOf(slot)));
  }

  long blocks() {
    return blocks;
  }

  long height() {
    return lowestTop == Long.MAX_VALUE ? 0 : lowestTop;
  }

  long entries() {
    return entries.size();
  }

  List<Finding> findings() {
    return findings;
  }

  /** Holds every block of a store against the chain so far. */
  void read(String name, RocksStore store) throws StoreException {
    long height = 0;
    while (true) {
      List<Block> next = store.blocks(height + 1, NodeStore.BLOCKS_MAX);
      if (next.isEmpty()) {
        break;
      }
      for (Block block : next) {
        height++;
        blocks++;
        read(name, store, height, block);
      }
    }
    lowestTop = Math.min(lowestTop, height);
  }

  private void read(String name, RocksStore store, long height, Block block) throws StoreException {
    Header header = block.getHead().getHeader();
    learnSet(store, header.getPeriod());
    Row row =
        new Row(
            height,
            header.getSlot(),
            Certificates.valueOf(header),
            block.getEntriesList().stream()
                .map(entry -> Envelopes.id(chain.context(), entry))
                .toList(),
            name);
    if (height > rows.size()) {
      append(row, block);
      return;
    }
    Row known = rows.get((int) height - 1);
    if (!row.headerHash().equals(known.headerHash()) || !row.ids().equals(known.ids())) {
      findings.add(
          new Finding(
              "fork",
              name,
              "block "
                  + height
                  + " is "
                  + row.headerHash().hex()
                  + ", at "
                  + known.firstSeenAt()
                  + " it is "
                  + known.headerHash().hex()));
    }
  }

  private void append(Row row, Block block) {
    Header header = block.getHead().getHeader();
    rows.add(row);
    Optional<ValidatorSet> set = Optional.ofNullable(sets.get(header.getPeriod()));
    if (header.getHeight() != row.height()
        || set.isEmpty()
        || !(BlockCheck.open(chain, set.get(), block) instanceof Opening.Good<List<OpenedEntry>>)) {
      findings.add(
          new Finding(
              "bad-block", row.firstSeenAt(), "block " + row.height() + " is not a proven one"));
    }
    for (Hash id : row.ids()) {
      Row before = entries.putIfAbsent(id, row);
      if (before != null) {
        findings.add(
            new Finding(
                "committed-twice",
                id.hex(),
                "in block " + before.height() + " and in block " + row.height()));
      }
    }
    block.getEntriesList().forEach(entry -> tellBreach(row, entry));
  }

  /** Among validators that only died and came back nobody may be convicted of anything. */
  private void tellBreach(Row row, Envelope entry) {
    if (entry.getType() == Entry.EVIDENCE_FIELD_NUMBER) {
      String code = "?";
      try {
        code = "E" + Evidence.parseFrom(entry.getBody()).getCode();
      } catch (com.google.protobuf.InvalidProtocolBufferException malformed) {
        code = "malformed";
      }
      findings.add(
          new Finding(
              "convicted",
              NodeId.of(entry.getSigner()).hex().substring(0, 16),
              "evidence " + code + " handed in by this one is in block " + row.height()));
    }
  }

  private void learnSet(RocksStore store, long period) throws StoreException {
    if (!sets.containsKey(period)) {
      store
          .payout(period - 1)
          .map(PayoutRecord::getNextSet)
          .flatMap(ValidatorSet::of)
          .ifPresent(set -> sets.put(period, set));
    }
  }

  /**
   * Every promised entry is in exactly one block, and none in a later one than promised (I5). What
   * was promised for slots behind the newest block cannot be known yet.
   *
   * @param promised slot of each entry
   * @return how many are where they belong
   */
  long check(Map<Hash, Long> promised) {
    long newest = rows.isEmpty() ? -1 : rows.getLast().slot();
    long kept = 0;
    for (Map.Entry<Hash, Long> promise : promised.entrySet()) {
      Row row = entries.get(promise.getKey());
      if (row != null && row.slot() <= promise.getValue()) {
        kept++;
      } else if (promise.getValue() <= newest) {
        findings.add(
            new Finding(
                "promise-broken",
                promise.getKey().hex(),
                "promised for slot "
                    + promise.getValue()
                    + ", "
                    + (row == null ? "in no block" : "in the block of slot " + row.slot())));
      } else {
        findings.add(
            new Finding(
                "promise-open",
                promise.getKey().hex(),
                "promised for slot " + promise.getValue() + ", the chain ends at " + newest));
      }
    }
    return kept;
  }
}
