/** A client in the process of its user: its doors to partners, its jobs and what it remembers. */
@NullMarked
package org.undchain.node.client;

import org.jspecify.annotations.NullMarked;
