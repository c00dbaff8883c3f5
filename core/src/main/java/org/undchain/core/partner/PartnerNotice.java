package org.undchain.core.partner;

import org.undchain.core.machine.Notice;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SubscribeCode;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * What a partner's agent tells its edge. After a restart every seat that still runs is told again
 * by SeatOpened and Credit.
 */
public sealed interface PartnerNotice extends Notice {
  /**
   * A validator's answer to the subscription.
   *
   * @param detail the validator's reason if the code is not OK
   */
  record Subscribed(NodeId validator, SubscribeCode code, String detail) implements PartnerNotice {}

  /** A bid for this job is on its way. */
  record Bidding(Hash jobId, NodeId client, long unitPrice) implements PartnerNotice {}

  /** START is proven: the contract binds, work may begin. A {@link Credit} follows. */
  record SeatOpened(Hash contractId, NodeId client, Contract contract, long height)
      implements PartnerNotice {}

  /**
   * How far the edge may take work of a seat.
   *
   * @param paidUnits covered by the newest micro-receipt
   * @param allowedUnits take no more than this: paid units and the credit of the contract
   */
  record Credit(Hash contractId, long paidUnits, long allowedUnits) implements PartnerNotice {}

  /** The client's close is signed by both: no more work comes. */
  record ReceiptSigned(Hash contractId, NodeId client, long units, long amount)
      implements PartnerNotice {}

  /**
   * The seat's COMPLETE is on chain; the next payout pays it.
   *
   * @param height of its block; 0 if the client's own COMPLETE was there before
   */
  record SeatClosed(Hash contractId, CompletionKind kind, long amount, long height)
      implements PartnerNotice {}

  /** Nothing comes of the seat: work taken for it may be thrown away. */
  record SeatFailed(Hash contractId, RejectCode code, String detail) implements PartnerNotice {}
}
