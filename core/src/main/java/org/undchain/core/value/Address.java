package org.undchain.core.value;

import java.util.Optional;

/**
 * An identity as people write it: {@code und1}, the 32 bytes of the key in base 32, and a checksum
 * of six letters, 62 characters in all (Bech32m, BIP 350, with the human-readable part {@code
 * und}). Any error in up to four letters is noticed. Capital letters are taken too, but no mix.
 */
public final class Address {
  private static final String PREFIX = "und";
  private static final String LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int BECH32M = 0x2bc830a3;
  private static final int CHECKSUM_SIZE = 6;
  private static final int GROUPS = (NodeId.SIZE * 8 + 4) / 5;
  private static final int LENGTH = PREFIX.length() + 1 + GROUPS + CHECKSUM_SIZE;

  private Address() {}

  public static String of(NodeId id) {
    int[] groups = groupsOf(id.bytes());
    StringBuilder text = new StringBuilder(LENGTH).append(PREFIX).append('1');
    for (int group : groups) {
      text.append(LETTERS.charAt(group));
    }
    int checksum = checksum(groups, new int[CHECKSUM_SIZE]) ^ BECH32M;
    for (int i = 0; i < CHECKSUM_SIZE; i++) {
      text.append(LETTERS.charAt((checksum >> (5 * (5 - i))) & 31));
    }
    return text.toString();
  }

  /** The identity, or nothing where the text has another form or its checksum does not fit. */
  public static Optional<NodeId> parse(String text) {
    String lower = lowerCase(text);
    if (lower.length() != LENGTH || !lower.startsWith(PREFIX + "1")) {
      return Optional.empty();
    }
    int[] groups = new int[GROUPS + CHECKSUM_SIZE];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = LETTERS.indexOf(lower.charAt(PREFIX.length() + 1 + i));
      if (groups[i] < 0) {
        return Optional.empty();
      }
    }
    if (checksum(groups, new int[0]) != BECH32M) {
      return Optional.empty();
    }
    return bytesOf(groups).map(NodeId::new);
  }

  /** Text with capitals only becomes small; a mix keeps a capital and is then refused. */
  private static String lowerCase(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'a' && c <= 'z') {
        return text;
      }
      lower.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
    }
    return lower.toString();
  }

  private static int[] groupsOf(Bytes bytes) {
    int[] groups = new int[GROUPS];
    for (int bit = 0; bit < GROUPS * 5; bit++) {
      int value = bit < bytes.size() * 8 ? bytes.bit(bit) : 0;
      groups[bit / 5] = groups[bit / 5] << 1 | value;
    }
    return groups;
  }

  /** Refuses padding bits other than 0, so an identity has one address only. */
  private static Optional<Bytes> bytesOf(int[] groups) {
    byte[] bytes = new byte[NodeId.SIZE];
    for (int bit = 0; bit < GROUPS * 5; bit++) {
      int value = groups[bit / 5] >> (4 - bit % 5) & 1;
      if (bit >= NodeId.SIZE * 8) {
        if (value != 0) {
          return Optional.empty();
        }
      } else {
        bytes[bit / 8] = (byte) (bytes[bit / 8] << 1 | value);
      }
    }
    return Optional.of(Bytes.wrap(bytes));
  }

  private static int checksum(int[] groups, int[] tail) {
    int sum = 1;
    for (int i = 0; i < PREFIX.length(); i++) {
      sum = step(sum, PREFIX.charAt(i) >> 5);
    }
    sum = step(sum, 0);
    for (int i = 0; i < PREFIX.length(); i++) {
      sum = step(sum, PREFIX.charAt(i) & 31);
    }
    for (int group : groups) {
      sum = step(sum, group);
    }
    for (int group : tail) {
      sum = step(sum, group);
    }
    return sum;
  }

  private static int step(int sum, int group) {
    int top = sum >>> 25;
    int next = (sum & 0x1ffffff) << 5 ^ group;
    next ^= (top & 1) != 0 ? 0x3b6a57b2 : 0;
    next ^= (top & 2) != 0 ? 0x26508e6d : 0;
    next ^= (top & 4) != 0 ? 0x1ea119fa : 0;
    next ^= (top & 8) != 0 ? 0x3d4233dd : 0;
    next ^= (top & 16) != 0 ? 0x2a1462b3 : 0;
    return next;
  }
}
