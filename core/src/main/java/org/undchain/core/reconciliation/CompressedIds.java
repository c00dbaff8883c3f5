package org.undchain.core.reconciliation;

import java.util.Arrays;
import java.util.Optional;

/**
 * A sorted list of short ids in about 41.5 bits each: the gaps between them in Golomb–Rice code,
 * quotient in unary, remainder of {@link #REMAINDER_BITS} bits.
 *
 * <p>n ids of 40 + ⌈log2 n⌉ bits: two of different sets are taken for one with chance n/2^40.
 */
final class CompressedIds {
  static final int REMAINDER_BITS = 40;

  /** Longer lists are neither made nor read. */
  static final int IDS_MAX = 1 << 20;

  private CompressedIds() {}

  /** Bits of a short id in a list of {@code count}. */
  static int bitsFor(int count) {
    return REMAINDER_BITS + (32 - Integer.numberOfLeadingZeros(Math.max(1, count) - 1));
  }

  /** Short ids cut to {@code bits}, ascending, all different. */
  static byte[] encode(long[] sorted, int bits) {
    BitWriter out = new BitWriter(sorted.length);
    long before = -1;
    for (long shortId : sorted) {
      long value = shortId >>> (64 - bits);
      long gap = value - before - 1;
      for (long unary = gap >>> REMAINDER_BITS; unary > 0; unary--) {
        out.bits(1, 1);
      }
      out.bits(0, 1);
      out.bits(gap & ((1L << REMAINDER_BITS) - 1), REMAINDER_BITS);
      before = value;
    }
    return out.toByteArray();
  }

  /** The ids of a list from outside; empty unless it is exactly what {@link #encode} writes. */
  static Optional<long[]> decode(byte[] encoded, int count, int bits) {
    boolean isPossible =
        count >= 0
            && count <= IDS_MAX
            && bits == bitsFor(count)
            && (long) count * (REMAINDER_BITS + 1) <= 8L * encoded.length;
    if (!isPossible) {
      return Optional.empty();
    }
    long[] ids = new long[count];
    BitReader in = new BitReader(encoded);
    long value = -1;
    for (int i = 0; i < count; i++) {
      long quotient = 0;
      while (in.bit() == 1) {
        quotient++;
      }
      long remainder = in.bits(REMAINDER_BITS);
      value += (quotient << REMAINDER_BITS) + remainder + 1;
      if (in.isOver() || value >= 1L << bits) {
        return Optional.empty();
      }
      ids[i] = value << (64 - bits);
    }
    return Arrays.equals(encode(ids, bits), encoded) ? Optional.of(ids) : Optional.empty();
  }

  /** Bits one after the other, most significant first; the last byte is filled with zeros. */
  private static final class BitWriter {
    private byte[] bytes;
    private long size;

    BitWriter(int ids) {
      bytes = new byte[Math.max(8, ids * 6)];
    }

    void bits(long value, int count) {
      for (int i = count - 1; i >= 0; i--) {
        int at = (int) (size >>> 3);
        if (at == bytes.length) {
          bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        bytes[at] |= (byte) (((value >>> i) & 1) << (7 - (size & 7)));
        size++;
      }
    }

    byte[] toByteArray() {
      return Arrays.copyOf(bytes, (int) ((size + 7) >>> 3));
    }
  }

  /** Reads zeros behind the end and remembers that it did. */
  private static final class BitReader {
    private final byte[] bytes;
    private long at;

    BitReader(byte[] bytes) {
      this.bytes = bytes;
    }

    int bit() {
      int index = (int) (at >>> 3);
      int bit = index < bytes.length ? (bytes[index] >> (7 - (at & 7))) & 1 : 0;
      at++;
      return bit;
    }

    long bits(int count) {
      long value = 0;
      for (int i = 0; i < count; i++) {
        value = value << 1 | bit();
      }
      return value;
    }

    boolean isOver() {
      return at > 8L * bytes.length;
    }
  }
}
