package org.undchain.node.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * The Amazon Corretto Crypto Provider, about twenty times as fast at Ed25519 as the JDK. Where its
 * native library does not load or does not agree with the JDK, the JDK is used: slow, same
 * verdicts, one warning line.
 */
public final class FastProvider {
  private static final Logger LOG = LoggerFactory.getLogger(FastProvider.class);

  /** It holds keys only if it is told so before its class is loaded. */
  private static final String HOLDS_KEYS =
      "com.amazon.corretto.crypto.provider.registerEdKeyFactory";

  /** What {@link Answer#SAMPLE} is signed with. */
  private static final Bytes SEED = Bytes.wrap(new byte[32]);

  private FastProvider() {}

  /** The provider, or empty after one warning. Loads a native library: call it once per process. */
  public static Optional<Provider> load() {
    String why;
    System.setProperty(HOLDS_KEYS, "true");
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

  /**
   * An answer of the JDK that every start asks the provider for too: that the JDK gives it is shown
   * by a test, since to ask it costs a start a tenth of a second.
   */
  static final class Answer {
    static final Bytes SAMPLE = Bytes.ofHex("756e64636861696e");
    static final NodeId KEY =
        new NodeId(Bytes.ofHex("3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"));
    static final Bytes SIGNATURE =
        Bytes.ofHex(
            "9bf3b05dd45a7b2f3d7c1f636812e416a27128c8a5dfdf41f04d42fe6d8751f1"
                + "07ae1095c578513e290a2857bb592b298e09c744fb3a47db31305727c31ea00c");

    private Answer() {}
  }

  /** Its signature is that of the JDK, which it finds good, and not when it is changed. */
  static boolean agreesWithTheJdk(Provider provider) {
    SignatureCheck check = Ed25519.check(Optional.of(provider));
    Predicate<Bytes> isGood = signature -> check.verify(Answer.KEY, Answer.SAMPLE, signature);
    byte[] changed = Answer.SIGNATURE.toByteArray();
    changed[40] ^= 1;
    return isGood.test(Answer.SIGNATURE)
        && !isGood.test(Bytes.wrap(changed))
        && Ed25519.signer(SEED, Optional.of(provider)).sign(Answer.SAMPLE).equals(Answer.SIGNATURE);
  }
}
