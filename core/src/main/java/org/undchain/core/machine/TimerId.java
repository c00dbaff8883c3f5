package org.undchain.core.machine;

/**
 * Names a timer of one machine: what it is for and up to two numbers (slot, height, round ...).
 *
 * @param purpose a constant of the concept that owns the timer, such as {@code "cutoff"}
 */
public record TimerId(String purpose, long first, long second) implements Comparable<TimerId> {
  public static TimerId of(String purpose) {
    return new TimerId(purpose, 0, 0);
  }

  public static TimerId of(String purpose, long first) {
    return new TimerId(purpose, first, 0);
  }

  @Override
  public int compareTo(TimerId other) {
    int byPurpose = purpose.compareTo(other.purpose);
    if (byPurpose != 0) {
      return byPurpose;
    }
    int byFirst = Long.compare(first, other.first);
    return byFirst != 0 ? byFirst : Long.compare(second, other.second);
  }
}
