/** Commands that run nodes or whole networks; they load everything. */
@NullMarked
package org.undchain.node.cli.net;

import org.jspecify.annotations.NullMarked;
