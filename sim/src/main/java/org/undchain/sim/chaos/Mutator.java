package org.undchain.sim.chaos;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.undchain.core.crypto.Signer;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.Opened;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chance;
import org.undchain.sim.NamedKeys;

/**
 * A validator whose messages are changed in one field before it signs them: well-formed, signed and
 * wrong.
 */
final class Mutator implements Machine {
  private final Machine honest;
  private final Cluster cluster;
  private final NamedKeys keys;
  private final Chance chance;
  private final int perMille;

  Mutator(Machine honest, Cluster cluster, NamedKeys keys, Chance chance, long perMille) {
    this.honest = honest;
    this.cluster = cluster;
    this.keys = keys;
    this.chance = chance;
    this.perMille = (int) perMille / 4;
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>();
    for (Effect effect : honest.on(now, event)) {
      out.add(
          switch (effect) {
            case Effect.Send(NodeId to, Envelope message) -> new Effect.Send(to, mutated(message));
            case Effect.Broadcast(List<NodeId> to, Envelope message) ->
                new Effect.Broadcast(to, mutated(message));
            default -> effect;
          });
    }
    return out;
  }

  private Envelope mutated(Envelope envelope) {
    if (cluster.isCalm() || !chance.perMille(perMille)) {
      return envelope;
    }
    return Envelopes.open(cluster.chain().context(), cluster.chain().signatures(), envelope)
        .good()
        .flatMap(opened -> part(opened).map(body -> sealed(envelope, change(body))))
        .orElse(envelope);
  }

  private static Optional<Message> part(Opened opened) {
    WireMessage body = opened.body();
    return body.getAllFields().values().stream()
        .filter(Message.class::isInstance)
        .map(Message.class::cast)
        .findFirst();
  }

  /** Signs again what was signed by one of the own keys; all else travels unsigned anyway. */
  private Envelope sealed(Envelope original, Message body) {
    NodeId signer = NodeId.of(original.getSigner());
    Optional<Signer> key =
        signer.equals(keys.identity().id()) ? Optional.of(keys.identity()) : keys.consensus(signer);
    if (original.getSig().isEmpty() || key.isEmpty()) {
      return original.toBuilder().setBody(body.toByteString()).build();
    }
    return Envelopes.seal(
        cluster.chain().context(),
        key.get(),
        EnvelopeKind.forNumber(original.getKind()),
        original.getType(),
        original.getPayPeriod(),
        body);
  }

  private Message change(Message message) {
    List<FieldDescriptor> fields = new ArrayList<>(message.getDescriptorForType().getFields());
    FieldDescriptor field = chance.pick(fields);
    Message.Builder builder = message.toBuilder();
    if (field.isRepeated()) {
      changeList(builder, field);
    } else if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      builder.setField(field, value(field, message.getField(field)));
    } else if (message.hasField(field)) {
      builder.setField(field, inner((Message) message.getField(field)));
    }
    return builder.build();
  }

  private void changeList(Message.Builder builder, FieldDescriptor field) {
    List<Object> elements = new ArrayList<>((List<?>) builder.build().getField(field));
    if (elements.isEmpty()) {
      return;
    }
    int at = (int) chance.below(elements.size());
    switch ((int) chance.below(4)) {
      case 0 -> elements.remove(at);
      case 1 -> elements.add(elements.get(at));
      case 2 -> Collections.swap(elements, 0, at);
      default ->
          elements.set(
              at,
              elements.get(at) instanceof Message inner
                  ? inner(inner)
                  : value(field, elements.get(at)));
    }
    builder.clearField(field);
    elements.forEach(element -> builder.addRepeatedField(field, element));
  }

  /** The own lane header inside a batch is changed and signed again, too. */
  private Message inner(Message message) {
    if (message instanceof Envelope envelope
        && envelope.getKind() == EnvelopeKind.ENVELOPE_KIND_LANE_HEADER_VALUE) {
      try {
        return sealed(envelope, change(LaneHeader.parseFrom(envelope.getBody())));
      } catch (InvalidProtocolBufferException malformed) {
        return message;
      }
    }
    return change(message);
  }

  private Object value(FieldDescriptor field, Object old) {
    return switch (field.getJavaType()) {
      case INT -> (int) number(((Number) old).longValue(), Integer.MAX_VALUE);
      case LONG -> number(((Number) old).longValue(), Long.MAX_VALUE);
      case BOOLEAN -> !(Boolean) old;
      case BYTE_STRING -> bytes((ByteString) old);
      case ENUM -> chance.pick(field.getEnumType().getValues());
      default -> old;
    };
  }

  private long number(long old, long max) {
    return switch ((int) chance.below(5)) {
      case 0 -> 0;
      case 1 -> max;
      case 2 -> Math.max(0, old - 1);
      case 3 -> old + chance.between(1, 10);
      default -> old + 1;
    };
  }

  private ByteString bytes(ByteString old) {
    return switch ((int) chance.below(3)) {
      case 0 -> ByteString.EMPTY;
      case 1 -> ByteString.copyFrom(chance.bytes(Math.max(1, old.size())).toByteArray());
      default -> old.concat(ByteString.copyFrom(new byte[1]));
    };
  }
}
