@NullMarked
package org.undchain.sim.chaos;

import org.jspecify.annotations.NullMarked;
