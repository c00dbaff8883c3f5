/** How fast an object is stored, beside what its parts allow on the same machine. */
@NullMarked
package org.undchain.bench.storage;

import org.jspecify.annotations.NullMarked;
