/**
 * What clients and partners have in common: the validator sets they trust, their entries on the way
 * into a block, and what they prove about the state.
 */
@NullMarked
package org.undchain.core.agent;

import org.jspecify.annotations.NullMarked;
