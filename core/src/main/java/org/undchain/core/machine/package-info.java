/** What every protocol machine sees (events) and answers (effects); R0.5. */
@NullMarked
package org.undchain.core.machine;

import org.jspecify.annotations.NullMarked;
