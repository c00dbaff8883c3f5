package org.undchain.core.matching;

import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Bid;
import org.undchain.core.message.Contacts;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Request;
import org.undchain.core.value.NodeId;

/** What a bid must say to reach the client of its job (R6.4). */
final class BidRule {
  private BidRule() {}

  /** Whether the fields of a bid fit the job at this slot. */
  static Verdict check(Bid bid, Request job, long slot) {
    if (bid.getUnitPrice() < 0 || bid.getUnitPrice() > job.getMaxPerPartner()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_AMOUNT,
          "a unit costs 0 to " + job.getMaxPerPartner() + " grains in this job");
    }
    if (bid.getExpirySlot() < slot) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_VALID_NOW,
          "valid to slot " + bid.getExpirySlot() + ", now " + slot);
    }
    boolean hasForm =
        bid.getCapacity() >= 0
            && bid.getEphemeralKey().size() == NodeId.SIZE
            && Contacts.areRoutes(bid.getRoutesList());
    return hasForm
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_BAD_FIELD, "capacity, routes or ephemeralKey (32 bytes)");
  }
}
