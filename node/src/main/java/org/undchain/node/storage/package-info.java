/** What both sides of the storage service {@code Shards} have in common on the wire. */
@NullMarked
package org.undchain.node.storage;

import org.jspecify.annotations.NullMarked;
