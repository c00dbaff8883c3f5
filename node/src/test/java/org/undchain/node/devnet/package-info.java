@NullMarked
package org.undchain.node.devnet;

import org.jspecify.annotations.NullMarked;
