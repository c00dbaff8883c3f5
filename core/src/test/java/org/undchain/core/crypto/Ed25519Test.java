package org.undchain.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.Provider;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/** One verdict on every vector, whichever library computes it. */
@Tag("R0.4")
class Ed25519Test {
  private static final Bytes SEED =
      Bytes.ofHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  private static final String IDENTITY =
      "0100000000000000000000000000000000000000000000000000000000000000";

  private static final BigInteger ORDER =
      new BigInteger("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed", 16);

  private static List<SignatureCheck> checks() {
    Provider fast = AmazonCorrettoCryptoProvider.INSTANCE;
    return List.of(Ed25519.check(Optional.empty()), Ed25519.check(Optional.of(fast)));
  }

  @Test
  void theFirstVectorOfTheRfcHolds() {
    Signer signer = Ed25519.signer(SEED, Optional.empty());
    assertThat(signer.id().hex())
        .isEqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    Bytes sig = signer.sign(Bytes.EMPTY);
    assertThat(sig.hex())
        .isEqualTo(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    for (SignatureCheck check : checks()) {
      assertThat(check.verify(signer.id(), Bytes.EMPTY, sig)).isTrue();
      assertThat(check.verify(signer.id(), Bytes.ofHex("00"), sig)).isFalse();
    }
  }

  @Test
  @Tag("case-64")
  void anSNotBelowTheGroupOrderIsRefused() {
    Signer signer = Ed25519.signer(SEED, Optional.empty());
    byte[] sig = signer.sign(Bytes.EMPTY).toByteArray();
    BigInteger s = BigInteger.ZERO;
    for (int i = 31; i >= 0; i--) {
      s = s.shiftLeft(8).or(BigInteger.valueOf(sig[32 + i] & 0xff));
    }
    byte[] malleable = sig.clone();
    BigInteger sum = s.add(ORDER);
    for (int i = 0; i < 32; i++) {
      malleable[32 + i] = sum.shiftRight(8 * i).byteValue();
    }
    for (SignatureCheck check : checks()) {
      assertThat(check.verify(signer.id(), Bytes.EMPTY, Bytes.wrap(malleable))).isFalse();
    }
  }

  @Test
  @Tag("case-64")
  void keysOfSmallOrderAndOddEncodingsAreRefused() {
    List<String> bad =
        List.of(
            IDENTITY,
            "0000000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            // not canonical: p, p + 1, minus zero
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0100000000000000000000000000000000000000000000000000000000000080");
    Bytes zeroSignature = Bytes.ofHex(IDENTITY + "00".repeat(32));
    for (String key : bad) {
      assertThat(Ed25519Rule.isAllowedKey(NodeId.ofHex(key))).as(key).isFalse();
      for (SignatureCheck check : checks()) {
        assertThat(check.verify(NodeId.ofHex(key), Bytes.EMPTY, zeroSignature)).as(key).isFalse();
      }
    }
  }

  /**
   * The owner of a key can make S for a point R of small order, spelt in several ways. In a form
   * that is not canonical it is refused, and in its canonical one all checks say the same:
   * verifiers that compare R and those that decompress it must not differ.
   */
  @Test
  @Tag("case-64")
  @Tag("R0.4")
  void anRThatIsNotCanonicalIsRefusedAndAllChecksAgreeOnOneOfSmallOrder() throws Exception {
    Signer signer = Ed25519.signer(SEED, Optional.empty());
    List<String> odd =
        List.of(
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // p + 1
            "0100000000000000000000000000000000000000000000000000000000000080", // minus zero
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
    for (String r : odd) {
      Bytes sig = withNeutralR(signer.id(), r);
      for (SignatureCheck check : checks()) {
        assertThat(check.verify(signer.id(), Bytes.EMPTY, sig)).as(r).isFalse();
      }
    }
    Bytes canonical = withNeutralR(signer.id(), IDENTITY);
    assertThat(checks().stream().map(check -> check.verify(signer.id(), Bytes.EMPTY, canonical)))
        .as("one answer of all checks")
        .containsOnly(checks().getFirst().verify(signer.id(), Bytes.EMPTY, canonical));
  }

  /** S = H(R, A, M)·a fits R = 0, in whatever spelling R is hashed. */
  private static Bytes withNeutralR(NodeId key, String r) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-512");
    byte[] secret = sha.digest(SEED.toByteArray());
    secret[0] &= (byte) 248;
    secret[31] = (byte) (secret[31] & 127 | 64);
    sha.update(Bytes.ofHex(r).toByteArray());
    sha.update(key.bytes().toByteArray());
    byte[] hash = sha.digest();
    BigInteger s = little(hash, 64).multiply(little(secret, 32)).mod(ORDER);
    byte[] sig = new byte[64];
    System.arraycopy(Bytes.ofHex(r).toByteArray(), 0, sig, 0, 32);
    for (int i = 0; i < 32; i++) {
      sig[32 + i] = s.shiftRight(8 * i).byteValue();
    }
    return Bytes.wrap(sig);
  }

  private static BigInteger little(byte[] bytes, int size) {
    BigInteger value = BigInteger.ZERO;
    for (int i = size - 1; i >= 0; i--) {
      value = value.shiftLeft(8).or(BigInteger.valueOf(bytes[i] & 0xff));
    }
    return value;
  }

  @Test
  void aSignatureOfAnotherLengthIsRefused() {
    Signer signer = Ed25519.signer(SEED, Optional.empty());
    Bytes sig = signer.sign(Bytes.EMPTY);
    for (SignatureCheck check : checks()) {
      assertThat(check.verify(signer.id(), Bytes.EMPTY, sig.slice(0, 63))).isFalse();
      assertThat(check.verify(signer.id(), Bytes.EMPTY, Bytes.EMPTY)).isFalse();
    }
  }
}
