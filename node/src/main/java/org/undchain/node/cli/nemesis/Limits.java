package org.undchain.node.cli.nemesis;

/**
 * When a campaign is over: whichever comes first.
 *
 * @param waves how many
 * @param millis how long
 * @param kills how many processes killed
 */
record Limits(int waves, long millis, int kills) {
  static final int WAVES_MAX = 100_000;
  static final int KILLS_MAX = 1_000_000;
  static final long MINUTES_MAX = 7 * 24 * 60;

  boolean isReached(int wavesDone, long millisGone, int killsDone) {
    return wavesDone >= waves || millisGone >= millis || killsDone >= kills;
  }
}
