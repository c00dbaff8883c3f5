/** The one encoding (R0.3): canonical protobuf and its check. */
@NullMarked
package org.undchain.core.codec;

import org.jspecify.annotations.NullMarked;
