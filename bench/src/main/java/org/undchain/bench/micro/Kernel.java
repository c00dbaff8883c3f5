package org.undchain.bench.micro;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;
import org.undchain.node.crypto.FastProvider;

/**
 * Work of a library that no change of ours makes slower. What a part costs is told in runs of the
 * kernel that takes the same kind of work of a processor.
 */
enum Kernel {
  /** SHA-256 of 64 KiB by the JDK. */
  HASH("SHA-256 of 64 KiB") {
    @Override
    Runnable ready() throws GeneralSecurityException {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] data = new byte[64 << 10];
      return () -> {
        byte[] hash = digest.digest(data);
        System.arraycopy(hash, 0, data, 0, hash.length); // so that no run can be left out
      };
    }
  },

  /** An Ed25519 check of 256 bytes by the provider alone, its key object made before. */
  SIGNATURE("Ed25519 check") {
    @Override
    Runnable ready() throws GeneralSecurityException {
      Optional<Provider> provider = FastProvider.load();
      Signer signer = Ed25519.signer(Hashes.tagged("kernel").bytes(), provider);
      byte[] message = new byte[256];
      byte[] signature = signer.sign(Bytes.wrap(message)).toByteArray();
      Bytes encoded = Bytes.ofHex(X509_PREFIX + signer.id().bytes().hex());
      X509EncodedKeySpec key = new X509EncodedKeySpec(encoded.toByteArray());
      PublicKey known = KeyFactory.getInstance("Ed25519").generatePublic(key);
      Signature library =
          provider.isPresent()
              ? Signature.getInstance("Ed25519", provider.get())
              : Signature.getInstance("Ed25519");
      return () -> check(library, known, message, signature);
    }
  };

  private static final String X509_PREFIX = "302a300506032b6570032100";

  private final String label;

  Kernel(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** The kernel with all that it works on; for one thread. */
  abstract Runnable ready() throws GeneralSecurityException;

  private static void check(Signature library, PublicKey key, byte[] message, byte[] signature) {
    try {
      library.initVerify(key);
      library.update(message);
      if (!library.verify(signature)) {
        throw new IllegalStateException("a good signature was refused");
      }
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("the library checks no signatures", broken);
    }
  }
}
