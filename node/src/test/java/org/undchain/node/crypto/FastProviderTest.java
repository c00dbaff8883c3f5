package org.undchain.node.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;

/** The provider is taken only if it answers as the JDK does. */
final class FastProviderTest {
  @Test
  void theAnswerIsThatOfTheJdk() {
    Signer jdk = Ed25519.signer(Bytes.wrap(new byte[32]), Optional.empty());
    assertThat(jdk.id()).isEqualTo(FastProvider.Answer.KEY);
    assertThat(jdk.sign(FastProvider.Answer.SAMPLE)).isEqualTo(FastProvider.Answer.SIGNATURE);
  }

  @Test
  void oneThatSignsAsTheJdkDoesIsTaken() {
    assertThat(FastProvider.agreesWithTheJdk(Security.getProvider("SunEC"))).isTrue();
    assertThat(FastProvider.agreesWithTheJdk(FastProvider.load().orElseThrow())).isTrue();
  }

  /** Else it would decode the key anew for each signature. */
  @Test
  void theOneThatIsLoadedHoldsKeys() {
    assertThat(FastProvider.load().orElseThrow().getService("KeyFactory", "Ed25519")).isNotNull();
  }

  /** A provider whose Ed25519 is something else: a curve of its own would look like that. */
  @Test
  void oneThatSignsOtherwiseIsNot() {
    Provider other = new Provider("other", "1", "says Ed25519 and does Ed448") {};
    other.put("Signature.Ed25519", "sun.security.ec.ed.EdDSASignature$Ed448");
    assertThat(FastProvider.agreesWithTheJdk(other)).isFalse();
  }
}
