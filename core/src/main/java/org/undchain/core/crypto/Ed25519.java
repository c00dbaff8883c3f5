package org.undchain.core.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * Ed25519 (RFC 8032) by the JDK or a faster provider under the one rule of R0.4. An exception of
 * the library counts as a refusal; the verdicts of both are the same on every vector of the tests.
 */
public final class Ed25519 {
  private static final String NAME = "Ed25519";
  private static final Bytes X509_PREFIX = Bytes.ofHex("302a300506032b6570032100");

  private Ed25519() {}

  /** A check by {@code provider}, or by the JDK. Safe for any number of threads. */
  public static SignatureCheck check(Optional<Provider> provider) {
    return (key, message, signature) -> {
      if (!Ed25519Rule.isWellFormed(key, signature)) {
        return false;
      }
      try {
        Signature library = instance(provider);
        library.initVerify(publicKey(key));
        library.update(message.unsafeArray());
        return library.verify(signature.unsafeArray());
      } catch (GeneralSecurityException | RuntimeException refused) {
        return false;
      }
    };
  }

  /**
   * A signer from the 32-byte seed of RFC 8032.
   *
   * @throws IllegalArgumentException if the seed has another size
   */
  public static Signer signer(Bytes seed, Optional<Provider> provider) {
    if (seed.size() != 32) {
      throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.size());
    }
    KeyPair pair = pair(seed);
    Bytes encoded = Bytes.wrap(pair.getPublic().getEncoded());
    NodeId id = new NodeId(encoded.slice(X509_PREFIX.size(), encoded.size()));
    PrivateKey privateKey = held(pair.getPrivate(), provider);
    return new Signer() {
      @Override
      public NodeId id() {
        return id;
      }

      @Override
      public Bytes sign(Bytes message) {
        try {
          Signature library = instance(provider);
          library.initSign(privateKey);
          library.update(message.unsafeArray());
          return Bytes.wrap(library.sign());
        } catch (GeneralSecurityException broken) {
          throw new IllegalStateException("signing with a good key failed", broken);
        }
      }
    };
  }

  /**
   * The key as the provider holds it, where it can: another's key it would decode anew for each
   * signature, which takes as long as to sign.
   */
  private static PrivateKey held(PrivateKey key, Optional<Provider> provider) {
    Optional<Provider> holder = provider.filter(one -> one.getService("KeyFactory", NAME) != null);
    if (holder.isEmpty()) {
      return key;
    }
    try {
      return (PrivateKey) KeyFactory.getInstance(NAME, holder.get()).translateKey(key);
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("a provider of Ed25519 does not take a good key", broken);
    }
  }

  private static Signature instance(Optional<Provider> provider) throws GeneralSecurityException {
    return provider.isPresent()
        ? Signature.getInstance(NAME, provider.get())
        : Signature.getInstance(NAME);
  }

  private static PublicKey publicKey(NodeId key) throws GeneralSecurityException {
    byte[] encoded = new byte[X509_PREFIX.size() + NodeId.SIZE];
    System.arraycopy(X509_PREFIX.unsafeArray(), 0, encoded, 0, X509_PREFIX.size());
    System.arraycopy(key.bytes().unsafeArray(), 0, encoded, X509_PREFIX.size(), NodeId.SIZE);
    return KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded));
  }

  /**
   * The JDK derives a public key only while it generates a pair, and then asks its random source
   * for the seed.
   */
  private static KeyPair pair(Bytes seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(NAME, "SunEC");
      generator.initialize(NamedParameterSpec.ED25519, new SeedSource(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has Ed25519", impossible);
    }
  }

  private static final class SeedSource extends SecureRandom {
    private static final long serialVersionUID = 1;
    private final transient Bytes seed;

    SeedSource(Bytes seed) {
      super(null, null);
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed.unsafeArray(), 0, bytes, 0, bytes.length);
    }
  }
}
