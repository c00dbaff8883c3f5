/**
 * The simulator: the machines of the core in virtual time, on virtual networks and disks, decided
 * by one seed.
 */
@NullMarked
package org.undchain.sim;

import org.jspecify.annotations.NullMarked;
