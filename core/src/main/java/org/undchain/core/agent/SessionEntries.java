package org.undchain.core.agent;

import org.undchain.core.codec.Canonical;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.message.Start;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;

/** Makes the entries that bring a session on chain: START and COMPLETE (R4.17a). */
public final class SessionEntries {
  private SessionEntries() {}

  /** Who hands a receipt in, and how often that party did so before (use key of R4.14e). */
  public enum Attempt {
    CLIENT(1, 1),
    PARTNER(2, 1),
    /** After a PARTIAL of the partner, when the client's close came late. */
    PARTNER_AGAIN(2, 2);

    private final int party;
    private final int number;

    Attempt(int party, int number) {
      this.party = party;
      this.number = number;
    }
  }

  /** START of a seat whose contract both signed. */
  public static Envelope start(Mail mail, BlockTime now, SessionRecord record) {
    Window window = window(mail, now);
    return mail.sealedEntry(
        now,
        Start.newBuilder()
            .setValidFrom(window.from())
            .setValidTo(window.to())
            .setClientContract(record.getContract())
            .setPartnerSig(record.getPartnerSig())
            .build());
  }

  /** COMPLETE with the best receipt there is: the close if both signed it, else the last micro. */
  public static Envelope complete(Mail mail, BlockTime now, Seat seat, Attempt attempt) {
    Window window = window(mail, now);
    SessionRecord record = seat.record();
    Complete.Builder complete =
        Complete.newBuilder()
            .setValidFrom(window.from())
            .setValidTo(window.to())
            .setContractId(record.getContractId())
            .setParty(attempt.party)
            .setAttempt(attempt.number)
            .setKind(kind(seat));
    if (seat.isClosed()) {
      complete.setReceipt(record.getClose()).setPartnerSig(record.getClosePartnerSig());
    } else {
      complete.setReceipt(record.getNewestMicro());
    }
    return mail.sealedEntry(now, complete.build());
  }

  /** The same completion in a new window, when no block took it in the last. */
  public static Envelope completeAgain(Mail mail, BlockTime now, Seat seat) {
    Window window = window(mail, now);
    Complete before = completeOf(seat);
    return mail.sealedEntry(
        now, before.toBuilder().setValidFrom(window.from()).setValidTo(window.to()).build());
  }

  /**
   * Whether the completion is refused since its period ended before a block took it: the seat may
   * have been carried on into the next one (R7.11), and a completion signed for that is good.
   */
  public static boolean isOfOldPeriod(Mail mail, BlockTime now, Seat seat, RejectCode why) {
    return why == RejectCode.REJECT_CODE_WRONG_PERIOD
        && seat.record().getComplete().getPayPeriod() < mail.periodAt(now);
  }

  /** Whether a partner hands its receipt in for the second time. */
  public static boolean isSecond(Seat seat) {
    return completeOf(seat).getAttempt() == Attempt.PARTNER_AGAIN.number;
  }

  private static Complete completeOf(Seat seat) {
    return Canonical.decode(Complete.parser(), Bytes.of(seat.record().getComplete().getBody()))
        .orElseThrow();
  }

  /** Kind of the completion that a seat's receipts allow now. */
  public static CompletionKind kind(Seat seat) {
    return seat.isClosed()
        ? CompletionKind.COMPLETION_KIND_DUAL
        : CompletionKind.COMPLETION_KIND_PARTIAL;
  }

  private record Window(long from, long to) {}

  /** As long as an entry may be valid; from the slot before, for validators whose clock is late. */
  private static Window window(Mail mail, BlockTime now) {
    long from = Math.max(0, mail.slotAt(now) - 1);
    return new Window(from, from + mail.chain().rules().validitySlots());
  }
}
