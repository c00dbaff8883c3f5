@NullMarked
package org.undchain.sim;

import org.jspecify.annotations.NullMarked;
