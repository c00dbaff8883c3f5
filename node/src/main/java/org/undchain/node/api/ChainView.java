package org.undchain.node.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.machine.Notice;
import org.undchain.core.matching.PartnerChange;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.sync.Archive;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.validator.ValidatorNotice.BlockCommitted;
import org.undchain.core.value.NodeId;

/**
 * What a node can tell about its chain. One thread feeds it the validator's notices in order; any
 * number reads the newest {@link Standing}, an immutable value behind one volatile field, so
 * neither side waits for the other. What is over comes from {@link History}.
 *
 * <p>Nothing of it is stored: a validator that starts again says where it stands ({@link
 * ValidatorNotice.Began}) and the rest is read from the node's store when somebody asks.
 */
public final class ChainView {
  /** Newest blocks kept ready. */
  static final int BLOCKS_KEPT = 64;

  private final Chain chain;
  private final Envelope genesis;
  private final NodeId self;
  private final History history;
  private volatile Standing standing;

  private ChainView(Chain chain, Envelope genesis, NodeId self, Archive archive) {
    this.chain = chain;
    this.genesis = genesis;
    this.self = self;
    this.history = new History(chain, archive);
    this.standing =
        new Standing(
            0,
            -1,
            GenesisBlock.state(chain),
            ValidatorSet.of(GenesisBlock.firstSet(chain)).orElseThrow(),
            true,
            List.of(),
            Collections.emptySortedMap(),
            Collections.emptySortedMap());
  }

  /**
   * A view that knows the genesis.
   *
   * @param genesis as its owner signed it: what {@code GET /v1/genesis} answers
   * @param self the validator whose notices it is fed
   * @param archive what that validator persisted; read by many threads
   */
  public static ChainView of(Chain chain, Envelope genesis, NodeId self, Archive archive) {
    return new ChainView(chain, genesis, self, archive);
  }

  /**
   * Takes the next notice; those that are no validator's are not for it. For one thread, in the
   * order in which the machine gave them.
   */
  public void accept(Notice notice) {
    if (notice instanceof ValidatorNotice news) {
      take(standing, news);
    }
  }

  private void take(Standing before, ValidatorNotice notice) {
    switch (notice) {
      case ValidatorNotice.Began began -> begin(before, began);
      case BlockCommitted committed -> commit(before, committed);
      case ValidatorNotice.Synced(boolean isSynced, long height) ->
          standing = with(before, isSynced, before.tips(), before.partners());
      case ValidatorNotice.PeerTip(NodeId validator, long height) -> {
        if (isValidator(validator)) {
          SortedMap<NodeId, Long> tips = new TreeMap<>(before.tips());
          tips.put(validator, height);
          standing = with(before, before.isSynced(), tips, before.partners());
        }
      }
      case ValidatorNotice.PartnersChanged(List<PartnerChange> changes) ->
          standing =
              with(before, before.isSynced(), before.tips(), changed(before.partners(), changes));
      case ValidatorNotice.VoteBegan vote -> {}
      case ValidatorNotice.BreachFound breach -> {}
    }
  }

  private void begin(Standing before, ValidatorNotice.Began began) {
    standing =
        new Standing(
            began.height(),
            began.slot(),
            began.state(),
            ValidatorSet.of(began.set()).orElseThrow(),
            before.isSynced(),
            List.of(),
            before.tips(),
            Collections.emptySortedMap());
  }

  private void commit(Standing before, BlockCommitted committed) {
    committed
        .payout()
        .ifPresent(file -> {
          SignedHeader head =
              SignedHeader.newBuilder()
                  .setHeader(committed.block().header())
                  .setQc(committed.block().qc())
                  .build();
          history.add(
              PayoutRecord.newBuilder()
                  .setFile(file)
                  .setHead(head)
                  .setNextSet(committed.set())
                  .build());
        });
    boolean isBoundary = committed.block().header().getKind() == BlockKind.BLOCK_KIND_PAYOUT;
    standing =
        new Standing(
            committed.block().header().getHeight(),
            committed.block().header().getSlot(),
            committed.after(),
            isBoundary ? ValidatorSet.of(committed.set()).orElseThrow() : before.set(),
            before.isSynced(),
            newest(BlockRow.of(committed.block()), before.recent()),
            before.tips(),
            before.partners());
  }

  private static List<BlockRow> newest(BlockRow block, List<BlockRow> before) {
    List<BlockRow> rows = new ArrayList<>(BLOCKS_KEPT);
    rows.add(block);
    rows.addAll(before.subList(0, Math.min(before.size(), BLOCKS_KEPT - 1)));
    return List.copyOf(rows);
  }

  private static SortedMap<NodeId, PartnerChange.Ready> changed(
      SortedMap<NodeId, PartnerChange.Ready> before, List<PartnerChange> changes) {
    SortedMap<NodeId, PartnerChange.Ready> after = new TreeMap<>(before);
    for (PartnerChange change : changes) {
      switch (change) {
        case PartnerChange.Ready ready -> after.put(ready.partner(), ready);
        case PartnerChange.Gone(NodeId partner) -> after.remove(partner);
      }
    }
    return after;
  }

  private static Standing with(
      Standing before,
      boolean isSynced,
      SortedMap<NodeId, Long> tips,
      SortedMap<NodeId, PartnerChange.Ready> partners) {
    return new Standing(
        before.height(),
        before.slot(),
        before.state(),
        before.set(),
        isSynced,
        before.recent(),
        Collections.unmodifiableSortedMap(tips),
        Collections.unmodifiableSortedMap(partners));
  }

  /** Only validators of the genesis count, so nobody can make the tips grow. */
  private boolean isValidator(NodeId id) {
    return chain.genesis().getValidatorsList().stream()
        .anyMatch(validator -> validator.getId().equals(id.toByteString()));
  }

  Chain chain() {
    return chain;
  }

  Envelope genesis() {
    return genesis;
  }

  NodeId self() {
    return self;
  }

  History history() {
    return history;
  }

  Standing standing() {
    return standing;
  }
}
