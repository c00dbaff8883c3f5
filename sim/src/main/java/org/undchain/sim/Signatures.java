package org.undchain.sim;

import java.util.Optional;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;

/**
 * The signature scheme of a simulation: the real one, or a fast one of the same sizes that is
 * unforgeable by convention only.
 */
public interface Signatures {
  Signer signer(Bytes seed);

  SignatureCheck check();

  /** Ed25519 of the JDK. */
  static Signatures real() {
    return new Signatures() {
      @Override
      public Signer signer(Bytes seed) {
        return Ed25519.signer(Hashes.tagged("sim-key", seed).bytes(), Optional.empty());
      }

      @Override
      public SignatureCheck check() {
        return Ed25519.check(Optional.empty());
      }
    };
  }

  /** {@link FakeSignatures}. */
  static Signatures fake() {
    return new FakeSignatures();
  }
}
