/** Proofs of a breach and their checks, one code at a time (section 4.7). */
@NullMarked
package org.undchain.core.evidence;

import org.jspecify.annotations.NullMarked;
