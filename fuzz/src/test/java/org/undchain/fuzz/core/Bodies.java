package org.undchain.fuzz.core;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.List;
import org.undchain.core.message.Envelope;
import org.undchain.fuzz.Parts;

/** The types of one registry, each chosen by one byte. */
final class Bodies {
  private final Message registry;
  private final List<FieldDescriptor> types;

  Bodies(Message registry) {
    this.registry = registry;
    this.types = registry.getDescriptorForType().getFields();
  }

  FieldDescriptor type(byte chosen) {
    return types.get(Parts.place(chosen, types.size()));
  }

  Parser<? extends Message> parser(FieldDescriptor type) {
    return registry
        .newBuilderForType()
        .newBuilderForField(type)
        .getDefaultInstanceForType()
        .getParserForType();
  }

  /** The byte that chooses the type of an envelope. */
  byte[] choice(Envelope envelope) {
    for (FieldDescriptor type : types) {
      if (type.getNumber() == envelope.getType()) {
        return Parts.one(types.indexOf(type));
      }
    }
    throw new IllegalArgumentException("no type " + envelope.getType());
  }
}
