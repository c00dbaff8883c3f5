package org.undchain.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.Seeds;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

class EnvelopesTest {
  private static final SignatureCheck CHECK = Ed25519.check(Optional.empty());
  private static final ChainContext CHAIN = new ChainContext(hash(1), hash(2));
  private final Signer ann = Ed25519.signer(hash(3).bytes(), Optional.empty());
  private final Signer bob = Ed25519.signer(hash(4).bytes(), Optional.empty());

  @Test
  @Tag("R0.1")
  void anEntryComesBackAsItWasSealed() {
    Envelope sealed = Envelopes.sealEntry(CHAIN, ann, 7, transfer(5));
    OpenedEntry opened = open(sealed).good().orElseThrow();
    assertThat(opened.signer()).isEqualTo(ann.id());
    assertThat(opened.body().getTransfer()).isEqualTo(transfer(5));
    assertThat(opened.id()).isEqualTo(Envelopes.id(CHAIN, sealed));
    assertThat(opened.bodyBytes()).isEqualTo(sealed.getBody().size());
  }

  @Test
  @Tag("R0.2")
  @Tag("T8")
  void oneBodySignedByTwoKeysIsTwoEntries() {
    Hash first = Envelopes.id(CHAIN, Envelopes.sealEntry(CHAIN, ann, 7, transfer(5)));
    Hash second = Envelopes.id(CHAIN, Envelopes.sealEntry(CHAIN, bob, 7, transfer(5)));
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  @Tag("R0.8")
  @Tag("T21")
  void aBatchSignatureLeavesTheIdsAsTheyAre() {
    List<Transfer> transfers = List.of(transfer(1), transfer(2), transfer(3));
    List<Envelope> batch = Envelopes.sealBatch(CHAIN, ann, 7, transfers);
    for (int i = 0; i < batch.size(); i++) {
      OpenedEntry opened = open(batch.get(i)).good().orElseThrow();
      assertThat(opened.id())
          .isEqualTo(Envelopes.id(CHAIN, Envelopes.sealEntry(CHAIN, ann, 7, transfers.get(i))));
    }
    Envelope moved = batch.get(0).toBuilder().setBatch(batch.get(1).getBatch()).build();
    assertThat(open(moved))
        .isEqualTo(Opening.refused(RejectCode.REJECT_CODE_BAD_SIGNATURE, "signature of transfer"));
  }

  @Test
  @Tag("case-63")
  @Tag("R0.3")
  void bytesThatAreNotCanonicalAreRefused() {
    ByteString good = transfer(5).toByteString();
    assertThat(codeOf(resign(good.concat(ByteString.copyFrom(new byte[] {(byte) 0xf8, 1, 1})))))
        .as("unknown field")
        .isEqualTo(RejectCode.REJECT_CODE_MALFORMED);
    assertThat(codeOf(resign(good.concat(good))))
        .as("fields twice")
        .isEqualTo(RejectCode.REJECT_CODE_MALFORMED);
    assertThat(codeOf(resign(good.substring(0, good.size() - 1))))
        .as("truncated")
        .isEqualTo(RejectCode.REJECT_CODE_MALFORMED);
    assertThat(codeOf(resign(ByteString.copyFrom(new byte[] {8, (byte) 0x81, 0}))))
        .as("long varint")
        .isEqualTo(RejectCode.REJECT_CODE_MALFORMED);
    assertThat(codeOf(resign(ByteString.copyFrom(new byte[] {8, 0}))))
        .as("default written out")
        .isEqualTo(RejectCode.REJECT_CODE_MALFORMED);
  }

  @Test
  void everyKindOfWrongEnvelopeHasItsReason() {
    Envelope good = Envelopes.sealEntry(CHAIN, ann, 7, transfer(5));
    assertThat(codeOf(good.toBuilder().setPayPeriod(8).build()))
        .isEqualTo(RejectCode.REJECT_CODE_BAD_SIGNATURE);
    assertThat(codeOf(good.toBuilder().setSigner(bob.id().toByteString()).build()))
        .isEqualTo(RejectCode.REJECT_CODE_BAD_SIGNATURE);
    assertThat(codeOf(good.toBuilder().setSigner(ByteString.EMPTY).build()))
        .isEqualTo(RejectCode.REJECT_CODE_BAD_KEY);
    assertThat(codeOf(good.toBuilder().setSigner(ByteString.copyFrom(new byte[32])).build()))
        .isEqualTo(RejectCode.REJECT_CODE_BAD_KEY);
    assertThat(codeOf(good.toBuilder().clearSig().build()))
        .isEqualTo(RejectCode.REJECT_CODE_BAD_SIGNATURE);
    assertThat(codeOf(good.toBuilder().setType(99).build()))
        .isEqualTo(RejectCode.REJECT_CODE_UNKNOWN_TYPE);
    assertThat(codeOf(good.toBuilder().setType(-1).build()))
        .isEqualTo(RejectCode.REJECT_CODE_UNKNOWN_TYPE);
    assertThat(codeOf(good.toBuilder().setKind(77).build()))
        .isEqualTo(RejectCode.REJECT_CODE_UNKNOWN_TYPE);
    assertThat(
            codeOf(
                good.toBuilder().setChainTag(hash(9).bytes().slice(0, 8).toByteString()).build()))
        .isEqualTo(RejectCode.REJECT_CODE_WRONG_CHAIN);
    assertThat(
            codeOf(
                good.toBuilder()
                    .setBody(ByteString.copyFrom(new byte[Envelopes.ENTRY_BODY_MAX + 1]))
                    .build()))
        .isEqualTo(RejectCode.REJECT_CODE_TOO_LARGE);
  }

  @Test
  void anotherTypeCannotBorrowTheSignature() {
    Envelope good = Envelopes.sealEntry(CHAIN, ann, 7, transfer(5));
    assertThat(codeOf(good.toBuilder().setType(Entry.CANCEL_FIELD_NUMBER).build()))
        .isEqualTo(RejectCode.REJECT_CODE_BAD_SIGNATURE);
  }

  @Test
  @Tag("case-64")
  @Tag("R0.4")
  void aSignatureWithAnotherSOfTheSameValueIsRefused() {
    Envelope good = Envelopes.sealEntry(CHAIN, ann, 7, transfer(5));
    byte[] sig = good.getSig().toByteArray();
    BigInteger order =
        new BigInteger("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed", 16);
    BigInteger s = BigInteger.ZERO;
    for (int i = 31; i >= 0; i--) {
      s = s.shiftLeft(8).or(BigInteger.valueOf(sig[32 + i] & 0xff));
    }
    for (int i = 0; i < 32; i++) {
      sig[32 + i] = s.add(order).shiftRight(8 * i).byteValue();
    }
    assertThat(codeOf(good.toBuilder().setSig(ByteString.copyFrom(sig)).build()))
        .isEqualTo(RejectCode.REJECT_CODE_BAD_SIGNATURE);
  }

  @Test
  @Tag("case-62")
  void noBytesMakeOpeningThrow() {
    Envelope good = Envelopes.sealEntry(CHAIN, ann, 7, transfer(5));
    Seeds.forEachSeed(
        300,
        random -> {
          byte[] bytes = good.toByteArray();
          for (int i = 0; i < 1 + random.nextInt(4); i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          }
          Optional<Envelope> parsed =
              org.undchain.core.codec.Canonical.decode(Envelope.parser(), Bytes.wrap(bytes));
          parsed.ifPresent(envelope -> {
            assertThat(open(envelope).good().filter(entry -> !entry.envelope().equals(good)))
                .isEmpty();
            Envelopes.open(CHAIN, CHECK, envelope);
          });
        });
  }

  private RejectCode codeOf(Envelope envelope) {
    return switch (open(envelope)) {
      case Opening.Good<OpenedEntry> good -> RejectCode.REJECT_CODE_UNSPECIFIED;
      case Opening.Refused<OpenedEntry>(RejectCode code, String detail) -> code;
    };
  }

  private Envelope resign(ByteString body) {
    Bytes signed =
        Envelopes.signedBytes(
            CHAIN,
            EnvelopeKind.ENVELOPE_KIND_ENTRY,
            Entry.TRANSFER_FIELD_NUMBER,
            7,
            ann.id(),
            Bytes.of(body));
    return Envelopes.sealEntry(CHAIN, ann, 7, transfer(5)).toBuilder()
        .setBody(body)
        .setSig(ann.sign(signed).toByteString())
        .build();
  }

  private static Opening<OpenedEntry> open(Envelope envelope) {
    return Envelopes.openEntry(CHAIN, CHECK, envelope);
  }

  private Transfer transfer(long amount) {
    return Transfer.newBuilder()
        .setNonce(1)
        .setValidFrom(2)
        .setValidTo(3)
        .setTo(bob.id().toByteString())
        .setAmount(amount)
        .build();
  }

  private static Hash hash(int number) {
    return Hashes.sha256(Bytes.wrap(Hashes.u32(number)));
  }
}
