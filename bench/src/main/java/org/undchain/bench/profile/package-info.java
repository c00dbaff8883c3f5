/**
 * Where a benchmark's processor time, memory and waits go: a JFR recording of the measured time,
 * made by this process itself, and one page that is read back from it.
 */
@NullMarked
package org.undchain.bench.profile;

import org.jspecify.annotations.NullMarked;
