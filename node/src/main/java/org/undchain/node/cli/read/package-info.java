/** Commands that only ask a node or read a file: no path leads from here to gRPC. */
@NullMarked
package org.undchain.node.cli.read;

import org.jspecify.annotations.NullMarked;
