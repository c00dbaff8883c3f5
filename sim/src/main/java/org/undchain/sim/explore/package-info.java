/**
 * Instruments that leave nothing to chance: all schedules of the real agreement up to a depth, all
 * small partitions under twins, and the planted bugs that both have to find.
 */
@NullMarked
package org.undchain.sim.explore;

import org.jspecify.annotations.NullMarked;
