package org.undchain.utilities.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * A linear combination of pieces over {@link GaloisField}, eight bytes at a time.
 *
 * <p>Horner's rule over the bits of the factors: from the highest bit down, the sum so far is
 * doubled and the pieces whose factor has the bit are added. Both are plain loops over words, which
 * the compiler makes wide instructions of; looking each byte up in a table takes five times as
 * long.
 */
final class Combination {
  /** Words of a stretch: all its pieces lie in the fastest cache. */
  private static final int STRETCH = 256;

  private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long REDUCTIONS = 0x1d1d1d1d1d1d1d1dL;
  private static final int HIGHEST_BIT = 7;

  private final int[] factors;
  private final ByteBuffer[] pieces;
  private final long[] sum = new long[STRETCH];
  private final long[][] words;

  /**
   * @param pieces as many as factors; the bytes from each one's position on are combined
   */
  Combination(int[] factors, ByteBuffer[] pieces) {
    this.factors = factors;
    this.pieces = pieces;
    this.words = new long[factors.length][STRETCH];
  }

  /** The first {@code length} bytes. */
  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    LongBuffer into = words(ByteBuffer.wrap(bytes));
    LongBuffer[] from = new LongBuffer[pieces.length];
    for (int i = 0; i < from.length; i++) {
      from[i] = words(pieces[i]);
    }
    int count = length / Long.BYTES;
    for (int at = 0; at < count; at += STRETCH) {
      int stretch = Math.min(STRETCH, count - at);
      for (int i = 0; i < from.length; i++) {
        from[i].get(at, words[i], 0, stretch);
      }
      combine(stretch);
      into.put(at, sum, 0, stretch);
    }
    for (int at = count * Long.BYTES; at < length; at++) {
      bytes[at] = single(at);
    }
    return bytes;
  }

  private static LongBuffer words(ByteBuffer bytes) {
    return bytes.slice().order(ByteOrder.nativeOrder()).asLongBuffer();
  }

  private void combine(int stretch) {
    Arrays.fill(sum, 0, stretch, 0);
    for (int bit = HIGHEST_BIT; bit >= 0; bit--) {
      if (bit < HIGHEST_BIT) {
        twice(sum, stretch);
      }
      for (int i = 0; i < factors.length; i++) {
        if (((factors[i] >> bit) & 1) == 1) {
          add(words[i], sum, stretch);
        }
      }
    }
  }

  /** Each byte times the generator: shifted, and reduced by the polynomial if a bit fell out. */
  private static void twice(long[] sum, int stretch) {
    for (int i = 0; i < stretch; i++) {
      long word = sum[i];
      long high = word & HIGH_BITS;
      sum[i] = ((word & LOW_BITS) << 1) ^ ((high - (high >>> HIGHEST_BIT)) & REDUCTIONS);
    }
  }

  private static void add(long[] words, long[] sum, int stretch) {
    for (int i = 0; i < stretch; i++) {
      sum[i] ^= words[i];
    }
  }

  private byte single(int at) {
    int sum = 0;
    for (int i = 0; i < factors.length; i++) {
      ByteBuffer piece = pieces[i];
      sum ^= GaloisField.multiply(factors[i], piece.get(piece.position() + at) & 0xff);
    }
    return (byte) sum;
  }
}
