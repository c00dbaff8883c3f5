package org.undchain.sim;

/**
 * What a link does to messages, each fault in thousandths of the messages.
 *
 * @param lossPerMille never arrive
 * @param duplicatePerMille arrive twice
 * @param reorderPerMille may overtake or be overtaken
 * @param corruptPerMille arrive with one flipped bit
 */
public record LinkProfile(
    Delay delay,
    int lossPerMille,
    int duplicatePerMille,
    int reorderPerMille,
    int corruptPerMille) {
  /** One room: 0.1 ms and a little. */
  public static final LinkProfile LAN = perfect(new Delay(100, 100, 100));

  /** One continent: 10–45 ms one way. */
  public static final LinkProfile CONTINENT = perfect(new Delay(10_000, 30_000, 1_000));

  /** The world: 20–150 ms one way (section 20). */
  public static final LinkProfile WORLD = perfect(new Delay(20_000, 100_000, 3_000));

  public static LinkProfile perfect(Delay delay) {
    return new LinkProfile(delay, 0, 0, 0, 0);
  }

  public LinkProfile losing(int perMille) {
    return new LinkProfile(delay, perMille, duplicatePerMille, reorderPerMille, corruptPerMille);
  }

  public LinkProfile duplicating(int perMille) {
    return new LinkProfile(delay, lossPerMille, perMille, reorderPerMille, corruptPerMille);
  }

  public LinkProfile reordering(int perMille) {
    return new LinkProfile(delay, lossPerMille, duplicatePerMille, perMille, corruptPerMille);
  }

  public LinkProfile corrupting(int perMille) {
    return new LinkProfile(delay, lossPerMille, duplicatePerMille, reorderPerMille, perMille);
  }
}
