package org.undchain.core.value;

/** The common time of the validators (section 3), in milliseconds since 1970-01-01T00:00Z. */
public record BlockTime(long millis) implements Comparable<BlockTime> {

  public BlockTime plusMillis(long add) {
    return new BlockTime(Math.addExact(millis, add));
  }

  public long minus(BlockTime earlier) {
    return Math.subtractExact(millis, earlier.millis);
  }

  public boolean isBefore(BlockTime other) {
    return millis < other.millis;
  }

  @Override
  public int compareTo(BlockTime other) {
    return Long.compare(millis, other.millis);
  }
}
