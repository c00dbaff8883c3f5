package org.undchain.utilities.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.undchain.core.value.Bytes;

/**
 * AES-256-GCM over the segments of one object, with nonces made of what they seal: the first 12
 * bytes of an HMAC-SHA-256 over the number of the segment and its plaintext (a synthetic nonce, as
 * in RFC 5297).
 *
 * <p>The same bytes are sealed alike however often they are read, so an upload that was cut off
 * goes on; other bytes get another nonce, so a file that changed meanwhile betrays nothing. Sealed
 * are nonce ‖ ciphertext ‖ tag; the number is authenticated with them.
 */
public final class SegmentCipher {
  public static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  /**
   * Bytes that the cipher seals at a time. With a whole segment for each call there would be so few
   * calls that the JVM interprets it for long, at a tenth of the speed.
   */
  private static final int STRIDE_BYTES = 8 << 10;

  private static final String MAC = "HmacSHA256";
  private static final byte[] NONCE_KEY = "nonce".getBytes(StandardCharsets.US_ASCII);

  /** What a sealed segment has more than its plaintext. */
  public static final int SEAL_BYTES = NONCE_BYTES + TAG_BYTES;

  private final SecretKeySpec key;
  private final SecretKeySpec nonceKey;

  public SegmentCipher(Bytes key) {
    if (key.size() != KEY_BYTES) {
      throw new IllegalArgumentException("a key has 32 bytes, not " + key.size());
    }
    this.key = new SecretKeySpec(key.unsafeArray(), "AES");
    this.nonceKey =
        new SecretKeySpec(mac(new SecretKeySpec(key.unsafeArray(), MAC)).doFinal(NONCE_KEY), MAC);
  }

  /**
   * Nonce, ciphertext and tag of the first {@code length} bytes, followed by zeros up to {@code
   * room}.
   */
  public byte[] seal(int segment, byte[] plain, int length, int room) {
    byte[] sealed = new byte[room];
    Mac mac = mac(nonceKey);
    mac.update(number(segment));
    mac.update(plain, 0, length);
    System.arraycopy(mac.doFinal(), 0, sealed, 0, NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, segment, sealed);
      int done = 0;
      int to = NONCE_BYTES;
      for (; length - done > STRIDE_BYTES; done += STRIDE_BYTES) {
        to += cipher.update(plain, done, STRIDE_BYTES, sealed, to);
      }
      cipher.doFinal(plain, done, length - done, sealed, to);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK seals with AES-256-GCM", impossible);
    }
    return sealed;
  }

  /** The plaintext, or empty if the first {@code length} bytes are not what this key sealed. */
  public Optional<byte[]> open(int segment, byte[] sealed, int length) {
    if (length < SEAL_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, segment, sealed)
              .doFinal(sealed, NONCE_BYTES, length - NONCE_BYTES));
    } catch (AEADBadTagException forged) {
      return Optional.empty();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK opens AES-256-GCM", impossible);
    }
  }

  private Cipher cipher(int mode, int segment, byte[] sealed) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, sealed, 0, NONCE_BYTES));
    cipher.updateAAD(number(segment));
    return cipher;
  }

  private static byte[] number(int segment) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(segment).array();
  }

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", impossible);
    }
  }
}
