/**
 * A network between processes of one machine that loses, delays, cuts and garbles what it carries.
 */
@NullMarked
package org.undchain.node.cli.nemesis.relay;

import org.jspecify.annotations.NullMarked;
