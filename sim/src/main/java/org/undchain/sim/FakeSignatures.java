package org.undchain.sim;

import java.nio.ByteBuffer;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * Signatures for fast runs: salt(32) ‖ mix(key ‖ salt ‖ message). Anybody could make them; nobody
 * in a simulation does. As with Ed25519 a signer can make several valid signatures of one message
 * (R0.2), one per salt, and any changed bit spoils them.
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

  /** Mixed, not hashed: a simulation spends its time on the protocol. */
  private static Bytes signature(NodeId key, Bytes salt, Bytes message) {
    long mixed = mixed(mixed(mixed(0, key.bytes()), salt), message);
    ByteBuffer out = ByteBuffer.allocate(64).put(salt.unsafeArray());
    while (out.hasRemaining()) {
      mixed = Chance.mix(mixed + 1);
      out.putLong(mixed);
    }
    return Bytes.wrap(out.array());
  }

  private static long mixed(long start, Bytes data) {
    long mixed = Chance.mix(start ^ data.size());
    ByteBuffer in = ByteBuffer.wrap(data.unsafeArray());
    while (in.remaining() >= Long.BYTES) {
      mixed = Chance.mix(mixed ^ in.getLong());
    }
    while (in.hasRemaining()) {
      mixed = Chance.mix(mixed ^ in.get());
    }
    return mixed;
  }
}
