@NullMarked
package org.undchain.core.time;

import org.jspecify.annotations.NullMarked;
