/**
 * Every place where bytes enter the core or the node, and random bytes for each: {@link
 * org.undchain.fuzz.Doors} lists them, {@link org.undchain.fuzz.Fuzz} lets a fuzzer in.
 */
@NullMarked
package org.undchain.fuzz;

import org.jspecify.annotations.NullMarked;
