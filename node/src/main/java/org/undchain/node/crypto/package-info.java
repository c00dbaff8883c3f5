/** Where the node's signatures are checked and its keys kept. */
@NullMarked
package org.undchain.node.crypto;

import org.jspecify.annotations.NullMarked;
