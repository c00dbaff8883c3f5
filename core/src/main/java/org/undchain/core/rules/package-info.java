/** Run rules (section 21) and the calendar of slots, beats, quarters and periods they define. */
@NullMarked
package org.undchain.core.rules;

import org.jspecify.annotations.NullMarked;
