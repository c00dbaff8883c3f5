package org.undchain.core.consensus;

import java.util.function.LongConsumer;

/** Runs a property for many seeds; a failure says how to repeat it. */
final class Seeds {
  private Seeds() {}

  static void forEach(int runs, LongConsumer property) {
    Long only = Long.getLong("seed");
    long first = only == null ? Long.getLong("firstSeed", 1L) : only;
    int count = only == null ? Integer.getInteger("runs", runs) : 1;
    for (long seed = first; seed < first + count; seed++) {
      try {
        property.accept(seed);
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("repeat with -Dseed=" + seed, failure);
      }
    }
  }
}
