@NullMarked
package org.undchain.sim.model;

import org.jspecify.annotations.NullMarked;
