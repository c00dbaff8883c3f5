package org.undchain.fuzz.core;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.value.Hash;
import org.undchain.fuzz.Town;

/** The ids of all envelopes that somebody of a town signed, however deep they travelled. */
final class Genuine {
  private final ChainContext chain;
  private final Set<Hash> ids = new TreeSet<>();

  private Genuine(ChainContext chain) {
    this.chain = chain;
  }

  static Set<Hash> of(Town town) {
    Genuine genuine = new Genuine(town.chain().context());
    town.said().forEach(one -> genuine.add(one.message()));
    return genuine.ids;
  }

  private void add(Envelope envelope) {
    if (!ids.add(Envelopes.idOrZero(chain, envelope))) {
      return;
    }
    if (envelope.getKind() == EnvelopeKind.ENVELOPE_KIND_ENTRY_VALUE) {
      Envelopes.openEntry(chain, (key, message, signature) -> true, envelope)
          .good()
          .ifPresent(entry -> inside(entry.body()));
    } else {
      Envelopes.open(chain, (key, message, signature) -> true, envelope)
          .good()
          .ifPresent(opened -> inside(opened.body()));
    }
  }

  private void inside(Message message) {
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        if (field.getKey().isRepeated()) {
          ((Iterable<?>) field.getValue()).forEach(element -> one((Message) element));
        } else {
          one((Message) field.getValue());
        }
      }
    }
  }

  private void one(Message part) {
    if (part instanceof Envelope envelope) {
      add(envelope);
    } else {
      inside(part);
    }
  }
}
