/** A whole network on one machine: what it consists of, where it lies, and how it is run. */
@NullMarked
package org.undchain.node.devnet;

import org.jspecify.annotations.NullMarked;
