package org.undchain.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.Seeds;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;

/**
 * Random messages of every type of the two registries, and what chance makes of their bytes: the
 * decoder never throws, and whatever it takes it writes again as it was.
 */
class FuzzTest {
  private static final int DEPTH_MAX = 4;
  private static final ChainContext CHAIN =
      new ChainContext(Hashes.tagged("net"), Hashes.tagged("chain"));
  private static final SignatureCheck CHECK = Ed25519.check(Optional.empty());
  private static final Signer ANN = Ed25519.signer(Hashes.tagged("ann").bytes(), Optional.empty());

  @Test
  @Tag("case-62")
  @Tag("R0.3")
  void everyMessageOfTheRegistriesComesBackAndItsDamagedBytesDoNoHarm() {
    Seeds.forEachSeed(
        12,
        random -> {
          for (Descriptor registry : List.of(WireMessage.getDescriptor(), Entry.getDescriptor())) {
            registry.getFields().forEach(field -> judge(field, random));
          }
        });
  }

  private static void judge(FieldDescriptor type, SplittableRandom random) {
    Message message = message(type.getMessageType(), 0, random);
    Bytes bytes = Canonical.encode(message);
    Parser<? extends Message> parser = parserOf(type);
    assertThat(Canonical.decode(parser, bytes).map(Canonical::encode))
        .as(type.getName())
        .contains(bytes);
    for (int i = 0; i < 8; i++) {
      Bytes damaged = damaged(bytes, random);
      Optional<? extends Message> decoded = Canonical.decode(parser, damaged);
      decoded.ifPresent(
          found -> assertThat(Canonical.encode(found)).as(type.getName()).isEqualTo(damaged));
      if (i == 0) {
        openEverywhere(type, damaged);
      }
    }
  }

  /**
   * The doors judge a well-signed envelope of any body; what they refuse they refuse with a code.
   */
  private static void openEverywhere(FieldDescriptor type, Bytes body) {
    boolean isEntry = type.getContainingType().equals(Entry.getDescriptor());
    int kind =
        isEntry ? EnvelopeKind.ENVELOPE_KIND_ENTRY_VALUE : EnvelopeKind.ENVELOPE_KIND_MESSAGE_VALUE;
    Envelope envelope =
        Envelope.newBuilder()
            .setBody(body.toByteString())
            .setSigner(ANN.id().toByteString())
            .setKind(kind)
            .setType(type.getNumber())
            .setChainTag(CHAIN.tag())
            .build();
    Envelope signed =
        envelope.toBuilder()
            .setSig(ANN.sign(Envelopes.signedBytes(CHAIN, envelope)).toByteString())
            .build();
    Opening<?> opening =
        isEntry ? Envelopes.openEntry(CHAIN, CHECK, signed) : Envelopes.open(CHAIN, CHECK, signed);
    if (opening instanceof Opening.Refused<?>(RejectCode code, String detail)) {
      assertThat(code).isNotEqualTo(RejectCode.REJECT_CODE_UNSPECIFIED);
      assertThat(detail).isNotEmpty();
    }
  }

  private static Parser<? extends Message> parserOf(FieldDescriptor type) {
    Message.Builder registry =
        type.getContainingType().equals(Entry.getDescriptor())
            ? Entry.newBuilder()
            : WireMessage.newBuilder();
    return registry.newBuilderForField(type).getDefaultInstanceForType().getParserForType();
  }

  private static Bytes damaged(Bytes bytes, SplittableRandom random) {
    byte[] out = bytes.toByteArray();
    if (out.length == 0 || random.nextInt(8) == 0) {
      return Bytes.wrap(noise(random));
    }
    for (int i = 0; i <= random.nextInt(3); i++) {
      out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
    }
    int length = random.nextInt(4) == 0 ? random.nextInt(out.length) : out.length;
    return Bytes.wrap(out).slice(0, length);
  }

  private static byte[] noise(SplittableRandom random) {
    byte[] noise = new byte[random.nextInt(200)];
    random.nextBytes(noise);
    return noise;
  }

  private static Message message(Descriptor type, int depth, SplittableRandom random) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      boolean isDeep =
          field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth == DEPTH_MAX;
      if (isDeep || random.nextInt(3) == 0) {
        continue;
      }
      if (field.isRepeated()) {
        for (int i = random.nextInt(3); i > 0; i--) {
          message.addRepeatedField(field, value(field, depth, random));
        }
      } else {
        message.setField(field, value(field, depth, random));
      }
    }
    return message.build();
  }

  private static Object value(FieldDescriptor field, int depth, SplittableRandom random) {
    return switch (field.getJavaType()) {
      case INT -> random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(40);
      case LONG -> random.nextInt(4) == 0 ? random.nextLong() : random.nextLong(40);
      case BOOLEAN -> random.nextBoolean();
      case STRING -> "text " + random.nextInt(100);
      case BYTE_STRING ->
          ByteString.copyFrom(random.nextBoolean() ? Hashes.u64(random.nextLong()) : noise(random));
      case ENUM ->
          field
              .getEnumType()
              .getValues()
              .get(random.nextInt(field.getEnumType().getValues().size()));
      case MESSAGE -> message(field.getMessageType(), depth + 1, random);
      case FLOAT, DOUBLE -> throw new AssertionError("no floats on the wire: " + field);
    };
  }
}
