/** Values that check themselves: bytes, hashes, ids, block time, grains. */
@NullMarked
package org.undchain.core.value;

import org.jspecify.annotations.NullMarked;
