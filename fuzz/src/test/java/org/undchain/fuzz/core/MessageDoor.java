package org.undchain.fuzz.core;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Town;

/**
 * Bodies of every message on the wire under a signature that is good: what decodes comes back byte
 * by byte, and its envelope opens if and only if it decodes.
 */
public final class MessageDoor implements Door {
  private final Town town = Town.ofForgeable();
  private final ChainContext chain = town.chain().context();
  private final NodeId signer = town.story().id("ann");
  private final Bodies bodies = new Bodies(WireMessage.getDefaultInstance());

  @Override
  public boolean enter(byte[] bytes) {
    if (bytes.length == 0) {
      return false;
    }
    FieldDescriptor type = bodies.type(bytes[0]);
    Bytes body = Bytes.wrap(Parts.rest(bytes, 1));
    Optional<? extends Message> decoded = Canonical.decode(bodies.parser(type), body);
    decoded.ifPresent(found ->
        Door.require(Canonical.encode(found).equals(body), "decoded, but not encoded alike"));
    EnvelopeKind kind =
        switch (type.getNumber()) {
          case WireMessage.VOTE_FIELD_NUMBER -> EnvelopeKind.ENVELOPE_KIND_VOTE;
          case WireMessage.CONTRACT_FIELD_NUMBER,
              WireMessage.MICRO_FIELD_NUMBER,
              WireMessage.CLOSE_FIELD_NUMBER ->
              EnvelopeKind.ENVELOPE_KIND_SESSION;
          default -> EnvelopeKind.ENVELOPE_KIND_MESSAGE;
        };
    Envelope envelope =
        Envelope.newBuilder()
            .setBody(body.toByteString())
            .setSigner(signer.toByteString())
            .setSig(body.toByteString().isEmpty() ? signer.toByteString() : body.toByteString())
            .setKind(kind.getNumber())
            .setType(type.getNumber())
            .setChainTag(chain.tag())
            .build();
    boolean isOpened =
        Envelopes.open(chain, (key, message, signature) -> true, envelope).good().isPresent();
    Door.require(isOpened == decoded.isPresent(), "the envelope judges otherwise than the codec");
    return isOpened;
  }

  @Override
  public List<byte[]> honest() {
    return town.samples(2).stream()
        .map(envelope -> Parts.join(bodies.choice(envelope), envelope.getBody().toByteArray()))
        .toList();
  }
}
