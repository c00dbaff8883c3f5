package org.undchain.utilities.storage;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.undchain.core.value.Bytes;

/**
 * AES-256-GCM over the segments of one object, the nonce being the number of the segment.
 *
 * <p>A key belongs to one object and its contents for ever: the same number must never seal other
 * bytes.
 */
public final class SegmentCipher {
  public static final int KEY_BYTES = 32;
  public static final int SEAL_BYTES = 16;

  private static final int NONCE_BYTES = 12;

  private final SecretKeySpec key;

  public SegmentCipher(Bytes key) {
    if (key.size() != KEY_BYTES) {
      throw new IllegalArgumentException("a key has 32 bytes, not " + key.size());
    }
    this.key = new SecretKeySpec(key.unsafeArray(), "AES");
  }

  /**
   * Ciphertext and seal of the first {@code length} bytes, followed by zeros up to {@code room}.
   */
  public byte[] seal(int segment, byte[] plain, int length, int room) {
    byte[] sealed = new byte[room];
    try {
      cipher(Cipher.ENCRYPT_MODE, segment).doFinal(plain, 0, length, sealed, 0);
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
      return Optional.of(cipher(Cipher.DECRYPT_MODE, segment).doFinal(sealed, 0, length));
    } catch (AEADBadTagException forged) {
      return Optional.empty();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK opens AES-256-GCM", impossible);
    }
  }

  private Cipher cipher(int mode, int segment) throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(NONCE_BYTES - 4, segment).array();
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(SEAL_BYTES * 8, nonce));
    return cipher;
  }
}
