/**
 * Judges of a simulation, one class for each invariant of section 23. They watch wire and disk and
 * share no code with what they judge beyond hashes and the wire format.
 */
@NullMarked
package org.undchain.sim.checker;

import org.jspecify.annotations.NullMarked;
