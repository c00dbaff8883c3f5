/** Commands that act with the caller's key: they are clients of the network, over gRPC alone. */
@NullMarked
package org.undchain.node.cli.client;

import org.jspecify.annotations.NullMarked;
