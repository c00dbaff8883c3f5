@NullMarked
package org.undchain.sim.mutant;

import org.jspecify.annotations.NullMarked;
