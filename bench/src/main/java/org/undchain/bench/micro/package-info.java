/**
 * Small hot parts of the program, each timed beside a reference kernel in the same process: a ratio
 * says whether the part got slower, whatever the machine does. The gate keeps these ratios in a
 * history and complains of one that got worse.
 */
@NullMarked
package org.undchain.bench.micro;

import org.jspecify.annotations.NullMarked;
