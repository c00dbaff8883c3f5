/**
 * The validator role: one machine that owns job files, agreement, ledger and matching and routes
 * events.
 */
@NullMarked
package org.undchain.core.validator;

import org.jspecify.annotations.NullMarked;
