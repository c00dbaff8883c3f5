package org.undchain.core.partner;

import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Contract;
import org.undchain.core.message.RejectCode;
import org.undchain.core.partner.Bids.OwnBid;
import org.undchain.core.value.NodeId;

/** What a contract must say for the partner to sign it (section 7 step 2). */
final class ContractRule {
  private ContractRule() {}

  /**
   * @param slot now
   * @param freeUnits what the partner can still take
   */
  static Verdict check(
      Contract contract, OwnBid bid, PartnerProfile profile, long slot, long freeUnits) {
    Verdict parties = parties(contract, bid, slot);
    if (!parties.isAccept()) {
      return parties;
    }
    Verdict price = price(contract, bid, profile);
    if (!price.isAccept()) {
      return price;
    }
    Verdict time = time(contract, profile, slot);
    if (!time.isAccept()) {
      return time;
    }
    long units = contract.getMaxAmount() / contract.getUnitPrice();
    return units <= freeUnits
        ? Verdict.ACCEPT
        : Verdict.reject(RejectCode.REJECT_CODE_NO_SPACE, units + " units, free are " + freeUnits);
  }

  private static Verdict parties(Contract contract, OwnBid bid, long slot) {
    if (!NodeId.of(contract.getClient()).equals(bid.job().signer())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_AUTHORISED, "the client is not the job's client");
    }
    if (!contract.getBidHash().equals(bid.id().toByteString())
        || !contract.getPartnerSessionKey().equals(bid.bid().getEphemeralKey())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "bidHash and partnerSessionKey are those of the bid");
    }
    if (slot > bid.bid().getExpirySlot()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_VALID_NOW,
          "the bid was valid to slot " + bid.bid().getExpirySlot() + ", now is " + slot);
    }
    return contract.getSeatNo() < bid.request().getSeats()
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_BAD_FIELD, "the job has " + bid.request().getSeats() + " seats");
  }

  private static Verdict price(Contract contract, OwnBid bid, PartnerProfile profile) {
    boolean isBid =
        contract.getUnit().equals(profile.unit())
            && contract.getUnitPrice() == bid.bid().getUnitPrice();
    if (!isBid || contract.getMaxAmount() > bid.request().getMaxPerPartner()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_AMOUNT,
          "unit and price are those of the bid, maxAmount within the request");
    }
    return contract.getCreditUnits() >= 1 && contract.getCreditUnits() <= profile.creditUnitsMax()
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_BAD_FIELD,
            "creditUnits is 1 to " + profile.creditUnitsMax() + " at this partner");
  }

  private static Verdict time(Contract contract, PartnerProfile profile, long slot) {
    if (contract.getEndSlot() < slot) {
      return Verdict.reject(RejectCode.REJECT_CODE_NOT_VALID_NOW, "endSlot is over");
    }
    long kept = contract.getKeepUntilSlot();
    return kept == 0 || kept - slot <= profile.keepSlotsMax()
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_BAD_FIELD,
            "kept for at most " + profile.keepSlotsMax() + " slots");
  }
}
