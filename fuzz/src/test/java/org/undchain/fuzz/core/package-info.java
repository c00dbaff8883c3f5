/** Doors of the core: whatever travels between nodes or proves something. */
@NullMarked
package org.undchain.fuzz.core;

import org.jspecify.annotations.NullMarked;
