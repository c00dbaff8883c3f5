package org.undchain.core.partner;

import org.undchain.core.machine.Command;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.Hash;

/** What the edge of a partner, which does the utility work, tells its agent. */
public sealed interface PartnerCommand extends Command {
  /**
   * So much work of a seat is done and durable. The agent says by {@link PartnerNotice.Credit} how
   * far the edge may go on.
   *
   * @param cumUnits units since the start of the seat
   */
  record Delivered(Hash contractId, long cumUnits) implements PartnerCommand {}

  /**
   * Units that are free for work now: what running seats have taken but not what they have still to
   * come is out of it.
   */
  record SetCapacity(long freeUnits) implements PartnerCommand {}

  /**
   * Gives up a seat, for instance because the disk is full: keeps what is paid, tells the client.
   */
  record EndSeat(Hash contractId, RejectCode code, String detail) implements PartnerCommand {}

  /** Takes no more jobs and tells the validators so (R6.2); running seats go on. */
  record SignOff() implements PartnerCommand {}
}
