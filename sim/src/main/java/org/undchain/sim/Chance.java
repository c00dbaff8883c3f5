package org.undchain.sim;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.value.Bytes;

/**
 * All chance of a simulation: xoshiro256** seeded by SplitMix64 (Blackman and Vigna), written out
 * here so that a seed means the same run under every JDK.
 *
 * <p>Each purpose draws from a generator of its own ({@link #of}), so that taking one fault away
 * does not shift what all others draw.
 */
public final class Chance {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private long s0;
  private long s1;
  private long s2;
  private long s3;

  public Chance(long seed) {
    long z = seed;
    s0 = mix(z += GOLDEN);
    s1 = mix(z += GOLDEN);
    s2 = mix(z += GOLDEN);
    s3 = mix(z + GOLDEN);
  }

  /** The generator of one purpose under a seed; depends on nothing but the two. */
  public static Chance of(long seed, String purpose) {
    long mixed = mix(seed);
    for (byte letter : purpose.getBytes(StandardCharsets.UTF_8)) {
      mixed = mix(mixed ^ letter);
    }
    return new Chance(mixed);
  }

  /** The finaliser of SplitMix64: a bijection of 64 bits that spreads every bit. */
  static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
    return x ^ (x >>> 31);
  }

  /** Eight bytes at a time from {@code from} on, then the rest: any other bytes mix to another. */
  static long mixed(long start, byte[] data, int from) {
    long mixed = start;
    int at = from;
    for (; at + Long.BYTES <= data.length; at += Long.BYTES) {
      mixed = mix(mixed ^ (long) WORD.get(data, at));
    }
    if (at < data.length) {
      long rest = 0;
      for (; at < data.length; at++) {
        rest = rest << 8 | data[at] & 0xff;
      }
      mixed = mix(mixed ^ rest);
    }
    return mix(mixed ^ (data.length - from));
  }

  public long nextLong() {
    long result = Long.rotateLeft(s1 * 5, 7) * 9;
    long t = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = Long.rotateLeft(s3, 45);
    return result;
  }

  /** 0 to {@code bound} − 1. */
  public long below(long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound is " + bound);
    }
    return Math.unsignedMultiplyHigh(nextLong(), bound);
  }

  /** Both ends included. */
  public long between(long low, long high) {
    return low + below(high - low + 1);
  }

  public boolean perMille(int thousandths) {
    return thousandths > 0 && below(1000) < thousandths;
  }

  public boolean coin() {
    return nextLong() < 0;
  }

  /** Waiting time of this mean, at most 20 times as long; the same on every platform. */
  public long exponential(long mean) {
    if (mean == 0) {
      return 0;
    }
    double open = ((nextLong() >>> 11) + 1) * 0x1.0p-53;
    return Math.min((long) (-StrictMath.log(open) * mean), 20 * mean);
  }

  public <T> T pick(List<T> from) {
    return from.get((int) below(from.size()));
  }

  /** {@code count} different elements in random order. */
  public <T> List<T> sample(List<T> from, int count) {
    List<T> rest = new ArrayList<>(from);
    List<T> taken = new ArrayList<>();
    while (taken.size() < count) {
      taken.add(rest.remove((int) below(rest.size())));
    }
    return taken;
  }

  public Bytes bytes(int count) {
    byte[] out = new byte[count];
    for (int i = 0; i < count; i++) {
      out[i] = (byte) (nextLong() >>> 56);
    }
    return Bytes.wrap(out);
  }
}
