package org.undchain.node.cli.nemesis.relay;

/**
 * What one direction of a link does to what it carries.
 *
 * @param isCut nothing gets through; what was sent waits, as in a sender's TCP buffer
 * @param delayMillis how long each piece takes at least
 * @param jitterMillis how much longer it takes at most
 * @param bytesPerSecond bandwidth; 0: no limit
 * @param lossPerMille chance of a piece to be lost. TCP sends it again after 200 ms, and after
 *     twice as long if it is lost again, and all behind it waits
 * @param garblePerMille chance of a piece to arrive with one bit flipped
 */
public record Condition(
    boolean isCut,
    int delayMillis,
    int jitterMillis,
    int bytesPerSecond,
    int lossPerMille,
    int garblePerMille) {
  /** An undisturbed wire. */
  public static final Condition GOOD = new Condition(false, 0, 0, 0, 0, 0);

  public static final Condition CUT = new Condition(true, 0, 0, 0, 0, 0);

  public static Condition delayed(int millis, int jitterMillis) {
    return new Condition(false, millis, jitterMillis, 0, 0, 0);
  }

  public static Condition narrow(int bytesPerSecond) {
    return new Condition(false, 0, 0, bytesPerSecond, 0, 0);
  }

  public static Condition lossy(int perMille) {
    return new Condition(false, 0, 0, 0, perMille, 0);
  }

  public static Condition garbling(int perMille) {
    return new Condition(false, 0, 0, 0, 0, perMille);
  }
}
