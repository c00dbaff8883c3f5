/** Agreement on one job file: votes, locks, certificates (sections 4.4–4.6). */
@NullMarked
package org.undchain.core.consensus;

import org.jspecify.annotations.NullMarked;
