/**
 * Planted bugs: small changes of the real sources, each of which an instrument must find. They live
 * as text beside the sources and as classes in a temp folder, so no build of the node has them.
 */
@NullMarked
package org.undchain.sim.mutant;

import org.jspecify.annotations.NullMarked;
