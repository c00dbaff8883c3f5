@NullMarked
package org.undchain.sim.checker;

import org.jspecify.annotations.NullMarked;
