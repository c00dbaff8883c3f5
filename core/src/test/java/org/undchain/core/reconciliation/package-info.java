@NullMarked
package org.undchain.core.reconciliation;

import org.jspecify.annotations.NullMarked;
