package org.undchain.core.client;

import org.undchain.core.machine.Notice;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.Hash;

/** What a client's agent tells its user. */
public sealed interface ClientNotice extends Notice {
  /** So many validators promised the entry for this slot and block (R4.6). */
  record Promised(Hash entryId, long slot, long height, int stamps) implements ClientNotice {}

  /** f + 1 validators signed this result (R6.3). */
  record Committed(Hash entryId, long height, long slot, EntryResult result)
      implements ClientNotice {}

  /** No validator takes the entry, for this reason. */
  record Refused(Hash entryId, RejectCode code, String detail) implements ClientNotice {}

  /** The entry's window is over and it is in no block. */
  record Expired(Hash entryId) implements ClientNotice {}
}
