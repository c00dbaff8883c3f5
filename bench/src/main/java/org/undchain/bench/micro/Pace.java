package org.undchain.bench.micro;

/**
 * How long each part is timed. Ratios of different paces are not comparable: the longer one gets
 * its code warmer.
 *
 * @param label as it stands in the history
 * @param forks JVMs, one after the other
 * @param warmUps iterations before anything counts
 * @param iterations that count
 */
record Pace(
    String label, int forks, int warmUps, int warmUpMillis, int iterations, int iterationMillis) {
  /** For a figure to be written down: two JVMs for each part, about five minutes for all. */
  static final Pace FULL = new Pace("full", 2, 5, 1000, 5, 1000);

  /** For a gate: about a minute for all. */
  static final Pace QUICK = new Pace("quick", 1, 3, 500, 5, 200);
}
