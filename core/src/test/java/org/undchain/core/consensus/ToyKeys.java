package org.undchain.core.consensus;

import java.util.Arrays;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * Keys of a toy signature scheme: 64 bytes made of two hashes of key and message; fast, no secret.
 */
final class ToyKeys {
  static final SignatureCheck CHECK =
      (key, message, signature) -> sign(key, message).equals(signature);

  private ToyKeys() {}

  static NodeId id(int number) {
    byte[] raw = new byte[NodeId.SIZE];
    Arrays.fill(raw, (byte) (number + 2));
    return new NodeId(Bytes.wrap(raw));
  }

  static Signer signer(NodeId key) {
    return new Signer() {
      @Override
      public NodeId id() {
        return key;
      }

      @Override
      public Bytes sign(Bytes message) {
        return ToyKeys.sign(key, message);
      }
    };
  }

  private static Bytes sign(NodeId key, Bytes message) {
    byte[] half =
        Hashes.sha256(key.bytes().unsafeArray(), message.unsafeArray()).bytes().unsafeArray();
    byte[] sig = Arrays.copyOf(half, 64);
    System.arraycopy(half, 0, sig, 32, 32);
    return Bytes.wrap(sig);
  }
}
