package org.undchain.core;

import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Runs a property over seeds; a failure names the option that repeats it. */
public final class Seeds {
  private Seeds() {}

  public static void forEachSeed(int runs, Consumer<SplittableRandom> property) {
    Long only = Long.getLong("seed");
    long first = only == null ? System.nanoTime() : only;
    for (long seed = first; seed < first + (only == null ? runs : 1); seed++) {
      try {
        property.accept(new SplittableRandom(seed));
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("repeat with: mvn verify -DargLine=-Dseed=" + seed, failure);
      }
    }
  }
}
