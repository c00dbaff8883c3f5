/** Module utilities. */
@NullMarked
package org.undchain.utilities;

import org.jspecify.annotations.NullMarked;
