package org.undchain.sim;

import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * Signatures for fast runs: salt(32) ‖ SHA-256(key ‖ salt ‖ message). Anybody could make them;
 * nobody in a simulation does. As with Ed25519 a signer can make several valid signatures of one
 * message (R0.2), one per salt, and any changed bit spoils them.
 */
public final class FakeSignatures implements Signatures {
  private static final int SALT = 32;
  private static final Bytes NO_SALT = Bytes.wrap(new byte[SALT]);

  /** A key of the allowed form (R0.4): canonical, since bits 254 and 255 are clear. */
  @Override
  public Signer signer(Bytes seed) {
    byte[] key = Hashes.tagged("sim-key", seed).bytes().toByteArray();
    key[31] &= 0x3f;
    NodeId id = new NodeId(Bytes.wrap(key));
    return new Signer() {
      @Override
      public NodeId id() {
        return id;
      }

      @Override
      public Bytes sign(Bytes message) {
        return signature(id, NO_SALT, message);
      }
    };
  }

  @Override
  public SignatureCheck check() {
    return (key, message, signature) ->
        signature.size() == 64
            && signature(key, signature.slice(0, SALT), message).equals(signature);
  }

  /** Another valid signature of the same message by the same key. */
  public static Bytes signAgain(NodeId key, long salt, Bytes message) {
    return signature(key, new Chance(salt).bytes(SALT), message);
  }

  private static Bytes signature(NodeId key, Bytes salt, Bytes message) {
    byte[] input = new byte[32 + SALT + message.size()];
    System.arraycopy(key.bytes().unsafeArray(), 0, input, 0, 32);
    System.arraycopy(salt.unsafeArray(), 0, input, 32, SALT);
    System.arraycopy(message.unsafeArray(), 0, input, 32 + SALT, message.size());
    byte[] out = new byte[64];
    System.arraycopy(salt.unsafeArray(), 0, out, 0, SALT);
    System.arraycopy(
        Hashes.sha256(Bytes.wrap(input)).bytes().unsafeArray(), 0, out, SALT, 64 - SALT);
    return Bytes.wrap(out);
  }
}
