@NullMarked
package org.undchain.node.cli.net;

import org.jspecify.annotations.NullMarked;
