package org.undchain.core.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * What is refused before any library sees a signature (R0.4), so that all libraries agree on the
 * rest: a key or R that is not the canonical encoding of a number below p, a key of small order, S
 * not below L. What remains is the cofactorless equation with R compared as bytes.
 */
public final class Ed25519Rule {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final byte[] L =
      Bytes.ofHex("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed").toByteArray();
  private static final byte[] P_BYTES = bigEndian(P);

  /** y of the points of order 8; the other two have p minus it. */
  private static final BigInteger ORDER8 =
      new BigInteger(
          "2707385501144840649318225287225658788936804267575313519463743609750303402022");

  private static final byte[] MINUS_ONE = littleEndian(P.subtract(BigInteger.ONE));

  /** y coordinates (sign bit cleared) of the eight points whose order divides 8, canonical ones. */
  private static final Set<Bytes> SMALL_ORDER_Y = smallOrderY();

  private Ed25519Rule() {}

  /** Whether key and signature have the one allowed form. */
  public static boolean isWellFormed(NodeId key, Bytes signature) {
    return signature.size() == 64
        && isAllowedKey(key)
        && isCanonicalPoint(signature.unsafeArray(), 0)
        && isBelow(signature.unsafeArray(), 32, L);
  }

  /** Whether a key is canonical and not of small order. */
  public static boolean isAllowedKey(NodeId key) {
    byte[] raw = key.bytes().unsafeArray();
    return isCanonicalPoint(raw, 0) && !SMALL_ORDER_Y.contains(withoutSign(raw));
  }

  private static boolean isCanonicalPoint(byte[] data, int from) {
    // y < p once the sign bit is cleared, and never "minus zero": x = 0 only for y = 1 and y = p −
    // 1
    int last = data[from + 31] & 0x7f;
    byte[] y = new byte[32];
    System.arraycopy(data, from, y, 0, 32);
    y[31] = (byte) last;
    if (!isBelow(y, 0, P_BYTES)) {
      return false;
    }
    boolean sign = (data[from + 31] & 0x80) != 0;
    return !sign || !(isOne(y) || isMinusOne(y));
  }

  private static boolean isOne(byte[] y) {
    return y[0] == 1 && isZeroFrom(y, 1);
  }

  private static boolean isMinusOne(byte[] y) {
    return Arrays.equals(y, MINUS_ONE);
  }

  private static boolean isZeroFrom(byte[] y, int from) {
    for (int i = from; i < 32; i++) {
      if (y[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Little-endian number at {@code from} below the big-endian limit. */
  private static boolean isBelow(byte[] data, int from, byte[] limit) {
    for (int i = 0; i < 32; i++) {
      int mine = data[from + 31 - i] & 0xff;
      int its = limit[i] & 0xff;
      if (mine != its) {
        return mine < its;
      }
    }
    return false;
  }

  private static Bytes withoutSign(byte[] raw) {
    byte[] y = raw.clone();
    y[31] &= 0x7f;
    return Bytes.wrap(y);
  }

  private static Set<Bytes> smallOrderY() {
    Set<Bytes> ys = new TreeSet<>();
    for (BigInteger y :
        new BigInteger[] {
          BigInteger.ZERO, BigInteger.ONE, P.subtract(BigInteger.ONE), ORDER8, P.subtract(ORDER8)
        }) {
      ys.add(Bytes.wrap(littleEndian(y)));
    }
    return ys;
  }

  private static byte[] littleEndian(BigInteger value) {
    byte[] big = bigEndian(value);
    byte[] little = new byte[32];
    for (int i = 0; i < 32; i++) {
      little[i] = big[31 - i];
    }
    return little;
  }

  private static byte[] bigEndian(BigInteger value) {
    byte[] raw = value.toByteArray();
    byte[] out = new byte[32];
    int length = Math.min(32, raw.length);
    System.arraycopy(raw, raw.length - length, out, 32 - length, length);
    return out;
  }
}
