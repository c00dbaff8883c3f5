@NullMarked
package org.undchain.node.json;

import org.jspecify.annotations.NullMarked;
