@NullMarked
package org.undchain.sim.bench;

import org.jspecify.annotations.NullMarked;
