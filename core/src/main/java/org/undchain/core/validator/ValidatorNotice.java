package org.undchain.core.validator;

import java.util.List;
import java.util.Optional;
import org.undchain.core.ledger.State;
import org.undchain.core.machine.Notice;
import org.undchain.core.matching.PartnerChange;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.SetCert;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * What a validator tells its own node: for the API, metrics and logs. States are immutable and may
 * be kept.
 */
public sealed interface ValidatorNotice extends Notice {
  /**
   * The validator begins, for the first time or again: where its own records left it. {@code slot}
   * is that of the newest block, −1 at genesis; {@code set} that of the next block.
   */
  record Began(long height, long slot, State state, SetCert set) implements ValidatorNotice {}

  /** A block was committed and executed; {@code set} is that of the next block. */
  record BlockCommitted(CommittedBlock block, State after, SetCert set, Optional<PayoutFile> payout)
      implements ValidatorNotice {}

  /**
   * The job file of a slot was frozen and its vote began; {@code isEarly} before R0 (section 4.3).
   */
  record VoteBegan(long height, long slot, int entries, boolean isEarly)
      implements ValidatorNotice {}

  /** Proof of somebody's breach was found and handed in. */
  record BreachFound(int code, Hash entryId) implements ValidatorNotice {}

  /** Another validator told that it is at this height now. */
  record PeerTip(NodeId validator, long height) implements ValidatorNotice {}

  /** Partners subscribed here, renewed or went. */
  record PartnersChanged(List<PartnerChange> changes) implements ValidatorNotice {
    public PartnersChanged {
      changes = List.copyOf(changes);
    }
  }

  /** This validator is behind or up with the chain again. */
  record Synced(boolean isSynced, long height) implements ValidatorNotice {}
}
