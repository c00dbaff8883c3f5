/** A storage partner as a process runs it: its seats, its shards and the doors to them. */
@NullMarked
package org.undchain.node.partner;

import org.jspecify.annotations.NullMarked;
