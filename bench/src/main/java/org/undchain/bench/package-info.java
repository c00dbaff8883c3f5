/** Speed of the whole node: real validators, sockets and disks under a load of signed entries. */
@NullMarked
package org.undchain.bench;

import org.jspecify.annotations.NullMarked;
