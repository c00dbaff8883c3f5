/** JSON as the tool and the local API speak it: values, a bounded reader and a writer. */
@NullMarked
package org.undchain.node.json;

import org.jspecify.annotations.NullMarked;
