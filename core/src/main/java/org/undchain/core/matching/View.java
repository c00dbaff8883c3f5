package org.undchain.core.matching;

import java.util.OptionalLong;
import org.undchain.core.ledger.State;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Role;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** What matching sees of the validator that it is part of; always the newest. */
public interface View {
  /** The state after the newest block. */
  State state();

  /** Active validators of the next block. */
  ValidatorSet set();

  /** Pay period of the next block. */
  long period();

  /** Beacon of a beat, or the newest one before it (R8.1). */
  Hash beacon(long beat);

  /** Slot whose open job file holds this entry here. */
  OptionalLong slotOf(Hash entryId);

  /** Whether a peer is connected in this role. */
  boolean isConnected(NodeId peer, Role role);
}
