package org.undchain.utilities.storage;

import java.time.Duration;

/**
 * How long storage waits for a partner.
 *
 * @param hedge after this long another partner is asked as well
 * @param limit after this long without a sign of life the partner is given up
 */
public record Patience(Duration hedge, Duration limit) {
  public static final Patience USUAL = new Patience(Duration.ofSeconds(1), Duration.ofSeconds(30));

  public Patience {
    if (hedge.isNegative() || hedge.isZero() || limit.compareTo(hedge) < 0) {
      throw new IllegalArgumentException("hedge " + hedge + " and limit " + limit);
    }
  }
}
