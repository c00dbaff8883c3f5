package org.undchain.core.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** SHA-256 (H of section 0) of byte strings joined without separators. */
public final class Hashes {
  /** One for each thread, empty between two hashes: a new one costs more than a short hash. */
  private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Hashes::fresh);

  private Hashes() {}

  public static Hash sha256(Bytes data) {
    return sha256(data.unsafeArray());
  }

  public static Hash sha256(byte[]... parts) {
    MessageDigest digest = digest();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return Hash.wrap(digest.digest());
  }

  /** Writes {@code H(tag ‖ length bytes from a place on)} to a place of {@code out}. */
  static void sha256(byte[] tag, byte[] from, int offset, int length, byte[] out, int at) {
    MessageDigest digest = digest();
    digest.update(tag);
    digest.update(from, offset, length);
    try {
      digest.digest(out, at, Hash.SIZE);
    } catch (DigestException noRoom) {
      throw new IllegalArgumentException("no room for a hash at " + at, noRoom);
    }
  }

  /** {@code H(tag ‖ parts)} with an ASCII tag, as in H("match" ‖ …). */
  public static Hash tagged(String tag, Bytes... parts) {
    MessageDigest digest = digest();
    digest.update(tag.getBytes(StandardCharsets.US_ASCII));
    for (Bytes part : parts) {
      digest.update(part.unsafeArray());
    }
    return Hash.wrap(digest.digest());
  }

  public static byte[] u32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  public static byte[] u64(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  private static MessageDigest digest() {
    return DIGEST.get();
  }

  private static MessageDigest fresh() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
