/** Measurements that need no clock: bytes and flights of the protocol's exchanges. */
@NullMarked
package org.undchain.sim.bench;

import org.jspecify.annotations.NullMarked;
