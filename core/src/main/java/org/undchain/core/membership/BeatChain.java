package org.undchain.core.membership;

import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * The hash chain whose tip a validator announces for a period and whose preimages it reveals one
 * per beat (R8.1). Length: the beats of a period + 1 (section 21).
 */
public final class BeatChain {
  private final Hash[] links;

  public BeatChain(Bytes seed, long beatsPerPeriod) {
    links = new Hash[Math.toIntExact(beatsPerPeriod) + 2];
    links[0] = Hashes.sha256(seed);
    for (int i = 1; i < links.length; i++) {
      links[i] = Hashes.sha256(links[i - 1].bytes());
    }
  }

  /** What goes into the set certificate. */
  public Hash tip() {
    return links[links.length - 1];
  }

  /**
   * Preimage for the beat of this number within its period, 0 first: its hash is the one before, or
   * the tip.
   */
  public Hash reveal(long beatInPeriod) {
    return links[links.length - 2 - Math.toIntExact(beatInPeriod)];
  }
}
