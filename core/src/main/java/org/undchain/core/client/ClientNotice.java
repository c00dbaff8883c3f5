package org.undchain.core.client;

import java.util.List;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.Bid;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * What a client's agent tells its user. After a restart the newest notice of every recovered seat
 * comes again.
 */
public sealed interface ClientNotice extends Notice {
  /** These validators promised the entry for this slot and block (R4.6). */
  record Promised(Hash entryId, long slot, long height, List<NodeId> stampers)
      implements ClientNotice {
    public Promised {
      stampers = List.copyOf(stampers);
    }
  }

  /**
   * f + 1 validators signed this result (R6.3).
   *
   * @param stampers whose stamps for the slot came before; a result may overtake the promise
   */
  record Committed(Hash entryId, long height, long slot, EntryResult result, List<NodeId> stampers)
      implements ClientNotice {
    public Committed {
      stampers = List.copyOf(stampers);
    }
  }

  /** No validator takes the entry, for this reason. */
  record Refused(Hash entryId, RejectCode code, String detail) implements ClientNotice {}

  /** The entry's window is over and it is in no block. */
  record Expired(Hash entryId) implements ClientNotice {}

  /**
   * A partner's bid for a job of this client; each bid is told once.
   *
   * @param envelope the bid as the partner signed it
   * @param score of the partner in centi-points, as of {@code scorePeriod}
   * @param tenure periods the partner has been known
   */
  record Offered(
      Hash jobId,
      NodeId partner,
      Envelope envelope,
      Bid bid,
      int score,
      int tenure,
      long scorePeriod)
      implements ClientNotice {}

  /** The validators refuse to stream offers of a job. */
  record OffersRefused(Hash jobId, RejectCode code, String detail) implements ClientNotice {}

  /**
   * Answers {@link ClientCommand.OpenSeat}: the contract is on disk and goes to the partner. From
   * here on the seat has a name.
   */
  record SeatOpened(Hash contractId, Hash jobId, int seatNo, NodeId partner)
      implements ClientNotice {}

  /** START is in the block of this height: the partner takes work up to its credit. */
  record SeatStarted(Hash contractId, Hash jobId, int seatNo, NodeId partner, long height)
      implements ClientNotice {}

  /**
   * Nothing comes of the seat, or the partner gives it up or refuses a receipt. If it had started,
   * {@link ClientCommand.LeaveSeat} still pays what was signed.
   *
   * @param code UNSPECIFIED if the partner is silent, else its reason or that of the chain
   */
  record SeatFailed(Hash jobId, int seatNo, NodeId partner, RejectCode code, String detail)
      implements ClientNotice {}

  /** A micro-receipt is signed, on disk, and on its way to the partner. */
  record Paid(Hash contractId, long seq, long units, long amount) implements ClientNotice {}

  /** A {@link ClientCommand.Pay} or close that the contract does not allow; nothing was signed. */
  record NotPaid(Hash contractId, RejectCode code, String detail) implements ClientNotice {}

  /** The close has both signatures: the receipt of the seat. */
  record ReceiptSigned(Hash contractId, NodeId partner, long units, long amount)
      implements ClientNotice {}

  /**
   * The seat's COMPLETE is on chain; the next payout settles it.
   *
   * @param height of its block; 0 if the partner's own COMPLETE was there before
   */
  record SeatCompleted(Hash contractId, CompletionKind kind, long amount, long height)
      implements ClientNotice {}

  /**
   * Where partners can be reached, in their own signed words; the newest that f + 1 validators
   * know. A partner of {@code asked} without a record is unknown to them.
   */
  record Contacts(List<NodeId> asked, List<ContactRecord> records) implements ClientNotice {
    public Contacts {
      asked = List.copyOf(asked);
      records = List.copyOf(records);
    }
  }

  /**
   * A leaf of the state tree as f + 1 validators told it, after the newest block they share; empty
   * if they have none of that key, or if no f + 1 answers were equal and {@code isKnown} is false.
   */
  record Leaf(int table, Bytes key, boolean isKnown, Bytes value) implements ClientNotice {}
}
