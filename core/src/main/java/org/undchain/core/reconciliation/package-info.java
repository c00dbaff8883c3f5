/**
 * How two validators find what the other lacks in one flight (R4.13 step 2): coded symbols for a
 * small difference, the whole list of short ids for a large one.
 */
@NullMarked
package org.undchain.core.reconciliation;

import org.jspecify.annotations.NullMarked;
