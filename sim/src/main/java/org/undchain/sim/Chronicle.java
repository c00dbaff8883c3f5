package org.undchain.sim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Execution;
import org.undchain.core.ledger.State;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.checker.MoneyChecker;

/**
 * What the chain came to, as whoever was first at each height told it; judged by {@link
 * MoneyChecker} block by block.
 */
public final class Chronicle implements Observer {
  private final MoneyChecker money;
  private final TreeMap<Long, ValidatorNotice.BlockCommitted> blocks = new TreeMap<>();
  private final Map<NodeId, Long> heights = new TreeMap<>();
  private final Map<Hash, Long> slotOf = new TreeMap<>();
  private final Map<Hash, EntryResult> results = new TreeMap<>();

  public Chronicle(Chain chain) {
    this.money = new MoneyChecker(chain);
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    if (!(notice instanceof ValidatorNotice.BlockCommitted committed)) {
      return;
    }
    CommittedBlock block = committed.block();
    long height = block.header().getHeight();
    heights.put(node, height);
    if (blocks.putIfAbsent(height, committed) != null) {
      return;
    }
    money.judge(block, committed.after(), committed.payout());
    for (Execution.Result result : block.results()) {
      slotOf.put(result.id(), block.header().getSlot());
      results.put(result.id(), result.result());
    }
  }

  /** Slot of the newest block, −1 before the first. */
  public long slot() {
    return blocks.isEmpty() ? -1 : blocks.lastEntry().getValue().block().header().getSlot();
  }

  /** State after the block of this height, if anybody committed it. */
  public Optional<State> stateAt(long height) {
    return Optional.ofNullable(blocks.get(height)).map(ValidatorNotice.BlockCommitted::after);
  }

  /** Newest height anybody committed. */
  public long height() {
    return blocks.isEmpty() ? 0 : blocks.lastKey();
  }

  /** Newest height this node committed. */
  public long height(NodeId node) {
    return heights.getOrDefault(node, 0L);
  }

  public List<CommittedBlock> blocks() {
    return blocks.values().stream().map(ValidatorNotice.BlockCommitted::block).toList();
  }

  public List<PayoutFile> payouts() {
    return blocks.values().stream().flatMap(block -> block.payout().stream()).toList();
  }

  /** The slot whose block holds the entry. */
  public Optional<Long> slotOf(Hash entryId) {
    return Optional.ofNullable(slotOf.get(entryId));
  }

  public Optional<EntryResult> resultOf(Hash entryId) {
    return Optional.ofNullable(results.get(entryId));
  }

  /** The state after the newest block. */
  public State state() {
    return blocks.lastEntry().getValue().after();
  }
}
