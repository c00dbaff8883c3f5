package org.undchain.sim;

import java.util.function.LongConsumer;

/**
 * Runs a test once for each of many seeds, or once for the seed that {@code -Dseed=N} names, and
 * says with one command how a failure is repeated.
 */
public final class Seeds {
  private Seeds() {}

  /**
   * @param runs seeds 1 to {@code runs}; {@code -Dseeds.first=N} starts elsewhere
   */
  public static void forEachSeed(int runs, LongConsumer test) {
    Long only = Long.getLong("seed");
    long first = only == null ? Long.getLong("seeds.first", 1L) : only;
    long count = only == null ? runs : 1;
    for (long seed = first; seed < first + count; seed++) {
      try {
        test.accept(seed);
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("reproduce with: " + command(seed) + "\n" + failure, failure);
      }
    }
  }

  private static String command(long seed) {
    StackWalker.StackFrame test =
        StackWalker.getInstance()
            .walk(frames ->
                frames
                    .filter(frame -> !frame.getClassName().equals(Seeds.class.getName()))
                    .findFirst()
                    .orElseThrow());
    String type = test.getClassName().substring(test.getClassName().lastIndexOf('.') + 1);
    return "./undchain test --seed " + seed + " --test " + type + "#" + test.getMethodName();
  }
}
