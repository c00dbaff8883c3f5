@NullMarked
package org.undchain.sim.explore;

import org.jspecify.annotations.NullMarked;
