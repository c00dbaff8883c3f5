/** A validator as a process runs it. */
@NullMarked
package org.undchain.node.validator;

import org.jspecify.annotations.NullMarked;
