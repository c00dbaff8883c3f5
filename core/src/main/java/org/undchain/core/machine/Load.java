package org.undchain.core.machine;

/**
 * How full one bounded store of a machine is. A machine never lets {@code size} pass {@code bound},
 * whatever its peers send.
 *
 * @param store what is kept, in the words a log or a metric shows
 */
public record Load(String store, long size, long bound) {}
