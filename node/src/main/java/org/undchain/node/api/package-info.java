/**
 * The local JSON API (docs/api.md): a view of the chain fed by the validator's notices, and the
 * door on a UNIX socket through which people and scripts ask it.
 */
@NullMarked
package org.undchain.node.api;

import org.jspecify.annotations.NullMarked;
