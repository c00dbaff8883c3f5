/** Where the program's log goes: nowhere, unless a node says where. */
@NullMarked
package org.undchain.node.log;

import org.jspecify.annotations.NullMarked;
