/** Who the active validators of a period are (section 10): known and unknown, set certificates. */
@NullMarked
package org.undchain.core.membership;

import org.jspecify.annotations.NullMarked;
