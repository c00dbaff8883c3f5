package org.undchain.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * The worked vectors of docs/signing.md are what this code makes; a change here is a protocol
 * change.
 */
@Tag("R0.1")
class SigningVectorsTest {
  private static final ChainContext CHAIN = new ChainContext(filled(0x11), filled(0x22));
  private static final Signer ANN = Ed25519.signer(filled(0x01).bytes(), Optional.empty());
  private static final Signer VERA = Ed25519.signer(filled(0x02).bytes(), Optional.empty());

  private record Vector(EnvelopeKind kind, int type, long payPeriod, Signer signer, Message body) {}

  private static Map<String, Vector> vectors() {
    Map<String, Vector> vectors = new LinkedHashMap<>();
    vectors.put(
        "Transfer",
        new Vector(
            EnvelopeKind.ENVELOPE_KIND_ENTRY,
            Entry.TRANSFER_FIELD_NUMBER,
            3,
            ANN,
            Transfer.newBuilder()
                .setNonce(1)
                .setValidFrom(180)
                .setValidTo(196)
                .setTo(VERA.id().toByteString())
                .setAmount(5_000_000_000L)
                .build()));
    vectors.put(
        "Vote",
        new Vector(
            EnvelopeKind.ENVELOPE_KIND_VOTE,
            WireMessage.VOTE_FIELD_NUMBER,
            3,
            VERA,
            Vote.newBuilder()
                .setHeight(200)
                .setSlot(196)
                .setType(VoteType.VOTE_TYPE_PREVOTE)
                .setValue(filled(0x33).toByteString())
                .build()));
    vectors.put(
        "LaneHeader",
        new Vector(
            EnvelopeKind.ENVELOPE_KIND_LANE_HEADER,
            WireMessage.LANE_BATCH_FIELD_NUMBER,
            3,
            VERA,
            LaneHeader.newBuilder()
                .setSlot(196)
                .setLane(VERA.id().toByteString())
                .setPhase(LanePhase.LANE_PHASE_ADMIT)
                .setIdsRoot(filled(0x44).toByteString())
                .setIdCount(1)
                .setFirstHandCount(1)
                .setFirstHandBytes(48)
                .setTotalCount(1)
                .setSetFp(filled(0x55).toByteString())
                .build()));
    vectors.put(
        "Micro",
        new Vector(
            EnvelopeKind.ENVELOPE_KIND_SESSION,
            WireMessage.MICRO_FIELD_NUMBER,
            0,
            ANN,
            Micro.newBuilder()
                .setContractId(filled(0x66).toByteString())
                .setSeq(1)
                .setCumUnits(4)
                .setCumAmount(4000)
                .build()));
    vectors.put(
        "Hello",
        new Vector(
            EnvelopeKind.ENVELOPE_KIND_MESSAGE,
            WireMessage.HELLO_FIELD_NUMBER,
            3,
            ANN,
            Hello.newBuilder()
                .setNetworkId(CHAIN.networkId().toByteString())
                .setChainId(CHAIN.chainId().toByteString())
                .setRole(Role.ROLE_CLIENT)
                .setVersionMin(1000)
                .setVersionMax(1000)
                .setPeriod(3)
                .setNonce(filled(0x77).toByteString())
                .setChannelBinding(filled(0x88).toByteString())
                .setBlockTimeMillis(1_800_000_000_000L)
                .setDevnet(true)
                .build()));
    return vectors;
  }

  @Test
  void theDocumentShowsTheBytesThisCodeSigns() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "signing.md")).replaceAll("\\s+", "");
    vectors()
        .forEach((name, vector) -> {
          String text = describe(name, vector);
          assertThat(document).as(text).contains(text.replaceAll("\\s+", ""));
        });
  }

  private static String describe(String name, Vector vector) {
    Bytes body = Canonical.encode(vector.body());
    Bytes signed =
        Envelopes.signedBytes(
            CHAIN, vector.kind(), vector.type(), vector.payPeriod(), vector.signer().id(), body);
    return """
    %s: kind %d, type %d, payPeriod %d
    signer %s
    body   %s
    signed %s
    id     %s
    sig    %s
    """
        .formatted(
            name,
            vector.kind().getNumber(),
            vector.type(),
            vector.payPeriod(),
            vector.signer().id().hex(),
            body.hex(),
            signed.hex(),
            Hashes.sha256(signed).hex(),
            vector.signer().sign(signed).hex());
  }

  private static Hash filled(int octet) {
    byte[] bytes = new byte[Hash.SIZE];
    java.util.Arrays.fill(bytes, (byte) octet);
    return Hash.wrap(bytes);
  }
}
