package org.undchain.core.crypto;

import org.undchain.core.value.Bytes;

/**
 * Secrets of one period that lead to those of the next but never back: seed(P+1) = H("next" ‖
 * seed(P)). A validator deletes seed(P) once P's PAYOUT is durable, and with it every way to sign
 * for P again (R10.9).
 */
public record KeyRatchet(long period, Bytes seed) {

  public KeyRatchet {
    if (seed.size() != 32 || period < 0) {
      throw new IllegalArgumentException("a ratchet has a period and 32 bytes");
    }
  }

  public KeyRatchet next() {
    return new KeyRatchet(period + 1, Hashes.tagged("next", seed).bytes());
  }

  /** Seed of the period's consensus key. */
  public Bytes consensusSeed() {
    return Hashes.tagged("consensus", seed).bytes();
  }

  /** Start of the period's beat hash chain (R8.1). */
  public Bytes beatSeed() {
    return Hashes.tagged("beat", seed).bytes();
  }
}
