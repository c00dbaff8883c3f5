/** Tests of the relay. */
@NullMarked
package org.undchain.node.cli.nemesis.relay;

import org.jspecify.annotations.NullMarked;
