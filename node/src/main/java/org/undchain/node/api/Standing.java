package org.undchain.node.api;

import java.util.List;
import java.util.SortedMap;
import org.undchain.core.ledger.State;
import org.undchain.core.matching.PartnerChange;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.value.NodeId;

/**
 * Where the chain stands, as an immutable value: what one question is answered from, however many
 * blocks are committed meanwhile.
 *
 * @param slot of the newest block, −1 at genesis
 * @param set of the next block
 * @param recent newest block first
 * @param tips heights that other validators told, by id
 * @param partners that are subscribed here
 */
record Standing(
    long height,
    long slot,
    State state,
    ValidatorSet set,
    boolean isSynced,
    List<BlockRow> recent,
    SortedMap<NodeId, Long> tips,
    SortedMap<NodeId, PartnerChange.Ready> partners) {

  /** The open pay period. */
  long period() {
    return set.cert().getPeriod();
  }
}
