/** Nodes as their configuration describes them, with everything around the machine. */
@NullMarked
package org.undchain.node.service;

import org.jspecify.annotations.NullMarked;
