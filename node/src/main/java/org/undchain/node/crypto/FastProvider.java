package org.undchain.node.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;

/**
 * The Amazon Corretto Crypto Provider, about twenty times as fast at Ed25519 as the JDK. Where its
 * native library does not load or does not agree with the JDK, the JDK is used: slow, same
 * verdicts, one warning line.
 */
public final class FastProvider {
  private static final Logger LOG = LoggerFactory.getLogger(FastProvider.class);
  private static final Bytes SAMPLE = Bytes.ofHex("756e64636861696e");

  private FastProvider() {}

  /** The provider, or empty after one warning. Loads a native library: call it once per process. */
  public static Optional<Provider> load() {
    String why;
    try {
      AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
      Throwable failure = provider.getLoadingError();
      if (failure == null && agreesWithTheJdk(provider)) {
        return Optional.of(provider);
      }
      why = failure == null ? "it disagrees with the JDK" : String.valueOf(failure.getMessage());
    } catch (LinkageError | RuntimeException notHere) {
      why = notHere.toString();
    }
    LOG.warn(
        "crypto=jdk reason=\"{}\" effect=\"signatures are checked about 20 times slower\"", why);
    return Optional.empty();
  }

  /** One signature made by the JDK, good and changed, and one made by the provider. */
  private static boolean agreesWithTheJdk(Provider provider) {
    Signer slow = Ed25519.signer(Bytes.wrap(new byte[32]), Optional.empty());
    Signer fast = Ed25519.signer(Bytes.wrap(new byte[32]), Optional.of(provider));
    SignatureCheck check = Ed25519.check(Optional.of(provider));
    Bytes good = slow.sign(SAMPLE);
    Predicate<Bytes> isGood = signature -> check.verify(slow.id(), SAMPLE, signature);
    byte[] changed = good.toByteArray();
    changed[40] ^= 1;
    return isGood.test(good) && !isGood.test(Bytes.wrap(changed)) && fast.sign(SAMPLE).equals(good);
  }
}
