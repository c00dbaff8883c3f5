package org.undchain.node.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Frame;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.node.config.Spelling;
import org.undchain.node.json.Json;

/**
 * Shows the fields of bytes that travelled or were stored: an envelope with the body inside, or any
 * message by name.
 */
final class DecodeCommand implements Command {
  private static final int HEX_MAX = 16 << 20;

  @Override
  public String usage() {
    return "HEX [--as MESSAGE]";
  }

  @Override
  public String summary() {
    return "show the fields of an envelope or another message";
  }

  @Override
  public List<String> examples() {
    return List.of("undchain decode 0a0212…", "undchain decode --as Header 0801…");
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("--as", "MESSAGE", "read the bytes as this message (default: Envelope)"));
  }

  @Override
  public int run(Call call) throws Failure {
    call.arguments().refuseMoreThan(1);
    Bytes bytes = bytes(call.arguments().operand(0, "HEX"));
    Descriptor type = descriptor(call.arguments().text("--as").orElse("Envelope"));
    Message message = decoded(type, bytes);
    call.console().document(json(message).build());
    return 0;
  }

  private static Bytes bytes(String hex) throws Failure {
    try {
      if (hex.length() <= HEX_MAX) {
        return Bytes.wrap(HexFormat.of().parseHex(hex));
      }
    } catch (IllegalArgumentException notHex) {
      // told below
    }
    throw Failure.usage(
        "that is no hex",
        "an even number of the digits 0-9 and a-f is wanted, at most " + HEX_MAX,
        "undchain decode \"$(xxd -p -c0 FILE)\"");
  }

  private static Message decoded(Descriptor type, Bytes bytes) throws Failure {
    Parser<DynamicMessage> parser = DynamicMessage.getDefaultInstance(type).getParserForType();
    Optional<DynamicMessage> message = Canonical.decode(parser, bytes);
    if (message.isEmpty()) {
      throw Failure.local(
          6001,
          "MALFORMED",
          "these " + bytes.size() + " bytes are no " + type.getName() + " in canonical form",
          "every message has exactly one encoding: fields ascending, defaults left out, nothing unknown (R0.3)",
          "undchain decode --as MESSAGE HEX");
    }
    return message.get();
  }

  private static Descriptor descriptor(String name) throws Failure {
    Map<String, Descriptor> known = known();
    Optional<Descriptor> found = Optional.ofNullable(known.get(name));
    if (found.isEmpty()) {
      throw Failure.local(
          3104,
          "NO_SUCH_MESSAGE",
          "there is no message " + name,
          "messages are named as in the .proto files",
          Spelling.nearest(name, List.copyOf(known.keySet()))
              .map(near -> "--as " + near)
              .orElse("see core/src/main/proto"));
    }
    return found.get();
  }

  private static Map<String, Descriptor> known() {
    Map<String, Descriptor> known = new LinkedHashMap<>();
    for (Descriptor sample :
        List.of(
            Envelope.getDescriptor(),
            Frame.getDescriptor(),
            Entry.getDescriptor(),
            WireMessage.getDescriptor(),
            Genesis.getDescriptor(),
            LogRecord.getDescriptor(),
            PayoutFile.getDescriptor(),
            ProofFile.getDescriptor(),
            org.undchain.core.message.Contract.getDescriptor(),
            org.undchain.core.message.AccountLeaf.getDescriptor())) {
      sample.getFile().getMessageTypes().forEach(type -> known.put(type.getName(), type));
    }
    return known;
  }

  private static Json.Builder json(Message message) {
    Json.Builder object = Json.object();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      object.put(field.getKey().getName(), json(field.getKey(), field.getValue()));
    }
    if (message
        .getDescriptorForType()
        .getFullName()
        .equals(Envelope.getDescriptor().getFullName())) {
      body(message).ifPresent(body -> object.put("body", body));
    }
    return object;
  }

  private static Json json(FieldDescriptor field, Object value) {
    if (!field.isRepeated()) {
      return one(field, value);
    }
    List<Json> elements = new ArrayList<>();
    for (Object element : (List<?>) value) {
      elements.add(one(field, element));
    }
    return Json.array(elements);
  }

  private static Json one(FieldDescriptor field, Object value) {
    return switch (value) {
      case Message message -> json(message).build();
      case ByteString bytes -> new Json.Str(Bytes.of(bytes).hex());
      case EnumValueDescriptor named -> new Json.Str(named.getName());
      case Boolean bool -> new Json.Bool(bool);
      case Integer number ->
          new Json.Num(
              field.getType() == FieldDescriptor.Type.UINT32
                  ? Integer.toUnsignedString(number)
                  : number.toString());
      case Long number ->
          new Json.Str(
              field.getType() == FieldDescriptor.Type.UINT64
                  ? Long.toUnsignedString(number)
                  : number.toString());
      default -> new Json.Str(value.toString());
    };
  }

  /** The body of an envelope under the name of the message that its kind and type say it is. */
  private static Optional<Json> body(Message envelope) {
    Descriptor type = envelope.getDescriptorForType();
    int kind = (Integer) envelope.getField(type.findFieldByNumber(Envelope.KIND_FIELD_NUMBER));
    int number = (Integer) envelope.getField(type.findFieldByNumber(Envelope.TYPE_FIELD_NUMBER));
    ByteString body =
        (ByteString) envelope.getField(type.findFieldByNumber(Envelope.BODY_FIELD_NUMBER));
    Descriptor union =
        kind == EnvelopeKind.ENVELOPE_KIND_ENTRY_VALUE
            ? Entry.getDescriptor()
            : WireMessage.getDescriptor();
    Optional<FieldDescriptor> field = Optional.ofNullable(union.findFieldByNumber(number));
    return field.flatMap(named ->
        Canonical.decode(
                DynamicMessage.getDefaultInstance(named.getMessageType()).getParserForType(),
                Bytes.of(body))
            .map(message ->
                Json.object().put(named.getMessageType().getName(), json(message)).build()));
  }
}
