/** The two open job files: admission, stamps, lanes, the stage rule (sections 4.1–4.3). */
@NullMarked
package org.undchain.core.job;

import org.jspecify.annotations.NullMarked;
