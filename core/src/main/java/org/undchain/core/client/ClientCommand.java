package org.undchain.core.client;

import java.util.List;
import org.undchain.core.machine.Command;
import org.undchain.core.message.Envelope;
import org.undchain.core.session.SeatTerms;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** What the user of a client asks of its agent. */
public sealed interface ClientCommand extends Command {
  /**
   * Brings an entry into a block. The same entry may be handed in again at any time: its result is
   * then told again.
   *
   * @param wantOffers for a REQUEST of this client: {@link ClientNotice.Offered} follows for every
   *     partner that bids
   */
  record SubmitEntry(Envelope entry, boolean wantOffers) implements ClientCommand {}

  /** Opens the offer streams of a job again, which end after offerStreamMillis (R6.5). */
  record MoreOffers(Hash jobId) implements ClientCommand {}

  /** Tells the matchers that the client has the partners it needs (R6.5). */
  record StopOffers(Hash jobId) implements ClientCommand {}

  /** Tells the matchers that an offered partner did not answer (R6.9). */
  record ReportUnreachable(Hash jobId, NodeId partner) implements ClientCommand {}

  /**
   * Offers a partner the contract of one seat. The edge connects to the partner by the routes of
   * the bid, before or after this command; the contract leaves as soon as there is a connection.
   *
   * @param bid as it came with {@link ClientNotice.Offered}
   * @param sessionSeed 32 fresh secret bytes: the client's session key of this seat
   */
  record OpenSeat(Hash jobId, int seatNo, Envelope bid, SeatTerms terms, Bytes sessionSeed)
      implements ClientCommand {}

  /**
   * Pays for the work of a seat so far: signs the next micro-receipt and sends it (section 7 step
   * 4). Nothing happens if that much is paid already.
   *
   * @param cumUnits units since the start of the seat, never less than before
   * @param workHash what was done; empty while it grows
   */
  record Pay(Hash contractId, long cumUnits, Bytes workHash) implements ClientCommand {}

  /**
   * Tells the partner of a running seat that its client is there, while nothing is to be paid: says
   * the newest receipt again, or the contract if there is none. A partner that hears nothing for
   * the rule's client silence closes alone (section 7 step 5′).
   */
  record SignOfLife(Hash contractId) implements ClientCommand {}

  /**
   * Ends a seat in agreement: a close over what is paid, signed by both, then COMPLETE (section 7
   * step 5). If the partner does not sign, the newest micro-receipt completes the seat.
   */
  record CloseSeat(Hash contractId, Bytes workHash) implements ClientCommand {}

  /** Ends a seat whose partner vanished: pays what was signed (section 7 step 5′). */
  record LeaveSeat(Hash contractId) implements ClientCommand {}

  /**
   * Reads a leaf of the state tree from the validators; {@link ClientNotice.Leaf} answers with what
   * f + 1 of them say.
   *
   * @param table number of the leaf's table
   * @param key canonical key within it, 1 to {@link #KEY_MAX} bytes
   */
  record ReadLeaf(int table, Bytes key) implements ClientCommand {
    /** Longest key that validators look up. */
    public static final int KEY_MAX = 63;

    public ReadLeaf {
      if (table < 0 || table > 127 || key.isEmpty() || key.size() > KEY_MAX) {
        throw new IllegalArgumentException("no leaf has this table and key");
      }
    }
  }

  /**
   * Asks the validators where partners can be reached; {@link ClientNotice.Contacts} answers.
   *
   * @param partners those meant; all that the validators know if empty
   */
  record LookUp(List<NodeId> partners) implements ClientCommand {
    /** Most partners of one question. */
    public static final int PARTNERS_MAX = 64;

    public LookUp {
      partners = List.copyOf(partners);
      if (partners.size() > PARTNERS_MAX) {
        throw new IllegalArgumentException("at most 64 partners, not " + partners.size());
      }
    }
  }
}
