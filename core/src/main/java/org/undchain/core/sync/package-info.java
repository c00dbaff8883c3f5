/** Catching up with a chain and serving those who do (section 4.9). */
@NullMarked
package org.undchain.core.sync;

import org.jspecify.annotations.NullMarked;
