/** What every medium has in common: certificates, and what a node hears of its peers. */
@NullMarked
package org.undchain.node.transport;

import org.jspecify.annotations.NullMarked;
