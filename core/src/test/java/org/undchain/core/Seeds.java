package org.undchain.core;

import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Runs a property over seeds; a failure names the option that repeats it. They are the same seeds
 * in every run, so that no change is held up by what it did not touch; {@code -DfirstSeed} begins
 * elsewhere.
 */
public final class Seeds {
  private Seeds() {}

  public static void forEachSeed(int runs, Consumer<SplittableRandom> property) {
    Long only = Long.getLong("seed");
    long first = only == null ? Long.getLong("firstSeed", 1L) : only;
    for (long seed = first; seed < first + (only == null ? runs : 1); seed++) {
      try {
        property.accept(new SplittableRandom(seed));
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("repeat with: mvn verify -DargLine=-Dseed=" + seed, failure);
      }
    }
  }
}
