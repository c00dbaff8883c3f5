package org.undchain.core.session;

/**
 * What a client offers a partner for one seat (section 7 step 2): the terms of their contract.
 *
 * @param unit what is counted, as in the partner's price list; storage: "MiB"
 * @param unitPrice grains per unit, as in the partner's bid
 * @param maxAmount grains the seat may cost at most; not over the request's maxPerPartner
 * @param creditUnits units the partner works ahead of payment; what either side can lose at most
 * @param endSlot last slot in which the parties expect to work
 * @param maxPeriods payouts the seat may be carried over, 1 to {@link SessionObjects#PERIODS_MAX}
 * @param keepUntilSlot storage: last slot the shard is kept for; 0 for other utilities
 */
public record SeatTerms(
    String unit,
    long unitPrice,
    long maxAmount,
    long creditUnits,
    long endSlot,
    int maxPeriods,
    long keepUntilSlot) {}
