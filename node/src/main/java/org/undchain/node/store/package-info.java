/** What a node must not forget: its log, its blocks, and what it has signed (section 4.8). */
@NullMarked
package org.undchain.node.store;

import org.jspecify.annotations.NullMarked;
