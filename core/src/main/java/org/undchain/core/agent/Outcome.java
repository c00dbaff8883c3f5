package org.undchain.core.agent;

import java.util.List;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** What became of a submitted entry. */
public sealed interface Outcome {
  Hash entryId();

  /** Enough validators stamped it: it goes into the block of this height (R4.6). */
  record Promised(Hash entryId, long slot, long height, List<NodeId> stampers) implements Outcome {
    public Promised {
      stampers = List.copyOf(stampers);
    }
  }

  /**
   * f + 1 validators signed the same result (R6.3).
   *
   * @param stampers whose stamps for the slot came before; a result may overtake the promise
   */
  record Committed(Hash entryId, long height, long slot, EntryResult result, List<NodeId> stampers)
      implements Outcome {
    public Committed {
      stampers = List.copyOf(stampers);
    }
  }

  /** f + 1 validators refused it and none stamped it. */
  record Refused(Hash entryId, RejectCode code, String detail) implements Outcome {}

  /** Its window is over without a result. */
  record Expired(Hash entryId) implements Outcome {}
}
