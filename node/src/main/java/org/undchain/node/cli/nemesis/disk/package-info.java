/**
 * A disk that fails on demand under real processes: a small library in C that is loaded before the
 * C library, and what arms it.
 */
@NullMarked
package org.undchain.node.cli.nemesis.disk;

import org.jspecify.annotations.NullMarked;
