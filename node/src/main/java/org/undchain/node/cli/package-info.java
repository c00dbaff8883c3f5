/** The tool: its commands, what they print, how they fail. */
@NullMarked
package org.undchain.node.cli;

import org.jspecify.annotations.NullMarked;
