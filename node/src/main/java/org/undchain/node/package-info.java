/** Module node. */
@NullMarked
package org.undchain.node;

import org.jspecify.annotations.NullMarked;
