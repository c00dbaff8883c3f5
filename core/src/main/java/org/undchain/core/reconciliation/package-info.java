/**
 * How two validators find what the other lacks (R4.13): cursors and sorted ids now; tree walk and
 * symbols later.
 */
@NullMarked
package org.undchain.core.reconciliation;

import org.jspecify.annotations.NullMarked;
