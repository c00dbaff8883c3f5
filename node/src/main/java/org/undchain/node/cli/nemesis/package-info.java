/** The nemesis of a network: kills its processes at random moments and holds it to its promises. */
@NullMarked
package org.undchain.node.cli.nemesis;

import org.jspecify.annotations.NullMarked;
