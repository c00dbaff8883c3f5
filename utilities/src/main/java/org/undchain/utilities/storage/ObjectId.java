package org.undchain.utilities.storage;

import java.util.Optional;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * The name of an object and the right to read it: {@code und:} and base32 of manifest root ‖
 * manifest key, in small letters without padding.
 */
public record ObjectId(Hash manifestRoot, Bytes manifestKey) {
  public static final String PREFIX = "und:";

  private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int BYTES = Hash.SIZE + SegmentCipher.KEY_BYTES;
  private static final int LETTERS = Math.ceilDiv(BYTES * 8, 5);

  public ObjectId {
    if (manifestKey.size() != SegmentCipher.KEY_BYTES) {
      throw new IllegalArgumentException("a key has 32 bytes, not " + manifestKey.size());
    }
  }

  /** The id in this text; empty unless the text is exactly what {@link #text} writes. */
  public static Optional<ObjectId> parse(String text) {
    if (text.length() != PREFIX.length() + LETTERS || !text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    byte[] bytes = new byte[BYTES];
    for (int letter = 0; letter < LETTERS; letter++) {
      int digit = DIGITS.indexOf(text.charAt(PREFIX.length() + letter));
      if (digit < 0) {
        return Optional.empty();
      }
      for (int bit = 0; bit < 5; bit++) {
        int at = letter * 5 + bit;
        boolean isSet = (digit >> (4 - bit) & 1) == 1;
        if (at < BYTES * 8 && isSet) {
          bytes[at >> 3] |= (byte) (0x80 >> (at & 7));
        } else if (isSet) {
          return Optional.empty();
        }
      }
    }
    Bytes all = Bytes.wrap(bytes);
    return Optional.of(
        new ObjectId(new Hash(all.slice(0, Hash.SIZE)), all.slice(Hash.SIZE, BYTES)));
  }

  /** The whole id: whoever has it can read the object. */
  public String text() {
    StringBuilder text = new StringBuilder(PREFIX);
    for (int letter = 0; letter < LETTERS; letter++) {
      int digit = 0;
      for (int bit = 0; bit < 5; bit++) {
        digit = digit << 1 | bit(letter * 5 + bit);
      }
      text.append(DIGITS.charAt(digit));
    }
    return text.toString();
  }

  private int bit(int at) {
    if (at >= BYTES * 8) {
      return 0;
    }
    int rootBits = Hash.SIZE * 8;
    return at < rootBits ? manifestRoot.bytes().bit(at) : manifestKey.bit(at - rootBits);
  }

  /** Without the key, so that no log gives the right to read away. */
  @Override
  public String toString() {
    return PREFIX + manifestRoot;
  }
}
