/**
 * The fault simulator: a seed draws a chain, a workload and a plan of faults; checkers watch from
 * the first event on; then everything heals and the chain must live on (faults.md section 5).
 */
@NullMarked
package org.undchain.sim.chaos;

import org.jspecify.annotations.NullMarked;
