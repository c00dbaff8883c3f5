/**
 * Other systems that agree on an order of commands, under the load of {@code bench agree}: what
 * their figures are on this machine says what ours are worth.
 */
@NullMarked
package org.undchain.bench.peers;

import org.jspecify.annotations.NullMarked;
