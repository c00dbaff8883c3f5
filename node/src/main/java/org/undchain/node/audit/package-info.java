/** What the disks of a network say when all its nodes are off: who signed what, and one chain. */
@NullMarked
package org.undchain.node.audit;

import org.jspecify.annotations.NullMarked;
