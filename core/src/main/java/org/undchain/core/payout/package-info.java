/**
 * The payout file of a pay period: settlement, shares, rebuilt job files, portable proofs (section
 * 12).
 */
@NullMarked
package org.undchain.core.payout;

import org.jspecify.annotations.NullMarked;
