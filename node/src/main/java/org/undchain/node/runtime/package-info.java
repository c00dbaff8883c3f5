/** Runs one machine of the core on real time, sockets and disks (R0.5). */
@NullMarked
package org.undchain.node.runtime;

import org.jspecify.annotations.NullMarked;
