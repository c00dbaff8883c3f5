/** Files that people write: keys and rules, read once, refused with the place of what is wrong. */
@NullMarked
package org.undchain.node.config;

import org.jspecify.annotations.NullMarked;
