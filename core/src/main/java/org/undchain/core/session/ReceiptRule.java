package org.undchain.core.session;

import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Close;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Micro;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * What a micro-receipt or close must say to follow the newest receipt of its contract (section 7
 * steps 4 and 5). Their signatures are checked before.
 */
public final class ReceiptRule {
  private ReceiptRule() {}

  /** Whether so many units may be paid: their price is a number and not over maxAmount. */
  public static boolean isPayable(Contract contract, long units) {
    long price = contract.getUnitPrice();
    return units >= 0 && (price == 0 || units <= contract.getMaxAmount() / price);
  }

  /** Price of units that {@link #isPayable}. */
  public static long amount(Contract contract, long units) {
    return Math.multiplyExact(units, contract.getUnitPrice());
  }

  /**
   * A micro-receipt after the newest one. Receipts are cumulative, so one may be missing that was
   * lost with a connection; the next in order must name the newest as the one before it.
   *
   * @param newestId id of the newest receipt
   */
  public static Verdict micro(Contract contract, Micro newest, Hash newestId, Micro next) {
    if (next.getSeq() <= newest.getSeq()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_USED,
          "seq " + next.getSeq() + " is replayed or forked, the newest is " + newest.getSeq());
    }
    boolean isNext = next.getSeq() == newest.getSeq() + 1;
    Bytes before = newest.getSeq() == 0 ? Bytes.EMPTY : newestId.bytes();
    if (isNext && !before.equals(Bytes.of(next.getPrevHash()))) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "prevHash is not the newest receipt: a fork");
    }
    if (next.getCumUnits() < newest.getCumUnits() || next.getCumAmount() < newest.getCumAmount()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_AMOUNT, "cumulative units and amount never decrease");
    }
    return priced(contract, next.getCumUnits(), next.getCumAmount());
  }

  /** A close after the newest micro-receipt: it pays at least as much. */
  public static Verdict close(Contract contract, Micro newest, Close close) {
    if (close.getFinalSeq() < newest.getSeq()
        || close.getUnits() < newest.getCumUnits()
        || close.getAmount() < newest.getCumAmount()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_AMOUNT,
          "the close pays less than micro-receipt " + newest.getSeq());
    }
    return priced(contract, close.getUnits(), close.getAmount());
  }

  private static Verdict priced(Contract contract, long units, long amount) {
    return isPayable(contract, units) && amount == amount(contract, units)
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_BAD_AMOUNT,
            "the amount is units x unitPrice, at most " + contract.getMaxAmount());
  }
}
