/** Hash, trees (R0.7) and the one signature rule (R0.4): functions of their arguments. */
@NullMarked
package org.undchain.core.crypto;

import org.jspecify.annotations.NullMarked;
