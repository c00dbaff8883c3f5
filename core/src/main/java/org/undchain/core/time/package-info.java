/** Block time: how validators come to one clock at a start (section 3). */
@NullMarked
package org.undchain.core.time;

import org.jspecify.annotations.NullMarked;
