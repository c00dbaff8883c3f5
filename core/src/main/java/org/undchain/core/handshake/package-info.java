/** Opening a connection: who is there, on which chain, over which channel (section 1). */
@NullMarked
package org.undchain.core.handshake;

import org.jspecify.annotations.NullMarked;
