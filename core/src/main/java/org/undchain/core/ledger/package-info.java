/** State, eligibility and execution (section 5, R4.14–R4.17a). */
@NullMarked
package org.undchain.core.ledger;

import org.jspecify.annotations.NullMarked;
