package org.undchain.node.crypto;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.Certificates;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Cert;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Opening;
import org.undchain.core.message.Start;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * Every signature that a machine will ask about when it gets a message: that of the envelope and
 * those of all envelopes and certificates inside, however deep.
 *
 * <p>Nothing is verified here. The core's own functions are run with a check that writes down what
 * it is asked and says yes, so what is collected is exactly what will be asked, byte for byte. Once
 * all of it is known to be good, what was opened that way is as good as opened again. What is not
 * found here costs time, never safety: the machine asks by itself.
 */
final class Claims {
  /** Claims collected of one envelope; an honest frame stays far below. */
  static final int CLAIMS_MAX = 2048;

  /** Envelopes in envelopes: Submit, START, Contract. */
  private static final int DEPTH_MAX = 5;

  /** One signature to be checked. */
  record Claim(NodeId key, Bytes message, Bytes signature) {}

  /** Types of messages that are an envelope or a certificate, or can hold one. */
  private static final Set<Descriptor> CARRIERS = carriers();

  private final ChainContext chain;
  private final List<ValidatorSet> sets;
  private final Set<Claim> claims = new LinkedHashSet<>();
  private final Set<Envelope> headers = new HashSet<>(); // many stamps have the same
  private boolean isCutShort;
  private final SignatureCheck recorder =
      (key, message, signature) -> {
        note(new Claim(key, message, signature));
        return true;
      };

  /**
   * @param sets those whose certificates may arrive now
   */
  Claims(ChainContext chain, List<ValidatorSet> sets) {
    this.chain = chain;
    this.sets = sets;
  }

  private static Set<Descriptor> carriers() {
    Set<Descriptor> all = new HashSet<>();
    reach(WireMessage.getDescriptor(), all);
    reach(Entry.getDescriptor(), all);
    Set<Descriptor> carriers =
        new HashSet<>(Set.of(Envelope.getDescriptor(), Cert.getDescriptor()));
    boolean isGrowing = true;
    while (isGrowing) {
      isGrowing = false;
      for (Descriptor type : all) {
        boolean holdsOne = parts(type).stream().anyMatch(carriers::contains);
        isGrowing |= holdsOne && carriers.add(type);
      }
    }
    return Set.copyOf(carriers);
  }

  private static void reach(Descriptor type, Set<Descriptor> all) {
    if (all.add(type)) {
      parts(type).forEach(part -> reach(part, all));
    }
  }

  private static List<Descriptor> parts(Descriptor type) {
    return type.getFields().stream()
        .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
        .map(FieldDescriptor::getMessageType)
        .toList();
  }

  private void note(Claim claim) {
    if (claims.size() < CLAIMS_MAX) {
      claims.add(claim);
    } else {
      isCutShort = true;
    }
  }

  /**
   * Opens an envelope as if every signature were good, and writes down which they are.
   *
   * @return worth something only if all claims noted here are good, and none had to be left out
   */
  Opening<Opened> open(Envelope envelope) {
    Opening<Opened> opening = Envelopes.open(chain, recorder, envelope);
    opening.good().ifPresent(opened -> message(opened, 0));
    return opening;
  }

  /** The claims of every envelope that was opened here, each once. */
  List<Claim> noted() {
    return List.copyOf(claims);
  }

  /** Whether there were more claims than {@link #CLAIMS_MAX}. */
  boolean isCutShort() {
    return isCutShort;
  }

  private void envelope(Envelope envelope, int depth) {
    if (depth == DEPTH_MAX || claims.size() == CLAIMS_MAX) {
      return;
    }
    EnvelopeKind kind = EnvelopeKind.forNumber(envelope.getKind());
    if (kind == EnvelopeKind.ENVELOPE_KIND_ENTRY) {
      Envelopes.openEntry(chain, recorder, envelope).good().ifPresent(entry -> entry(entry, depth));
    } else if (kind == EnvelopeKind.ENVELOPE_KIND_LANE_HEADER) {
      laneHeader(envelope);
    } else {
      Envelopes.open(chain, recorder, envelope).good().ifPresent(opened -> message(opened, depth));
    }
  }

  /** Lane headers travel inside other messages only and have no registry of their own. */
  private void laneHeader(Envelope envelope) {
    if (envelope.getKind() == EnvelopeKind.ENVELOPE_KIND_LANE_HEADER_VALUE
        && headers.add(envelope)
        && envelope.getSigner().size() == NodeId.SIZE
        && envelope.getType() == WireMessage.LANE_BATCH_FIELD_NUMBER) {
      Envelopes.isSignedBy(
          chain, recorder, envelope, NodeId.of(envelope.getSigner()), Bytes.of(envelope.getSig()));
    }
  }

  private void entry(OpenedEntry entry, int depth) {
    Entry body = entry.body();
    if (body.getEntryCase() == Entry.EntryCase.START) {
      secondSignature(body.getStart());
    }
    if (carries(Entry.getDescriptor(), body.getEntryCase().getNumber())) {
      inside(body, depth, true);
    }
  }

  private void message(Opened opened, int depth) {
    opened.goodEntries().forEach(entry -> entry(entry, depth + 1));
    WireMessage body = opened.body();
    if (body.hasLaneBatch()) { // most of what comes, and a walk over all fields is slow
      laneBatch(body.getLaneBatch());
    } else if (carries(WireMessage.getDescriptor(), body.getMessageCase().getNumber())) {
      inside(body, depth, opened.entries().isEmpty());
    }
  }

  private void laneBatch(LaneBatch batch) {
    laneHeader(batch.getHeader());
    batch.getWitnessList().forEach(group -> laneHeader(group.getHeader()));
  }

  /** Whether this field of a registry can hold an envelope or a certificate. */
  private static boolean carries(Descriptor registry, int field) {
    return Optional.ofNullable(registry.findFieldByNumber(field))
        .filter(found -> CARRIERS.contains(found.getMessageType()))
        .isPresent();
  }

  /** The partner signs the same contract with its identity key. */
  private void secondSignature(Start start) {
    Envelope contract = start.getClientContract();
    Optional<Contract> body = Canonical.decode(Contract.parser(), Bytes.of(contract.getBody()));
    if (contract.getKind() == EnvelopeKind.ENVELOPE_KIND_SESSION_VALUE
        && body.isPresent()
        && body.get().getPartner().size() == NodeId.SIZE) {
      Envelopes.isSignedBy(
          chain,
          recorder,
          contract,
          NodeId.of(body.get().getPartner()),
          Bytes.of(start.getPartnerSig()));
    }
  }

  private void certificate(Cert cert) {
    for (ValidatorSet set : sets) {
      if (claims.size() < CLAIMS_MAX) {
        Certificates.verify(chain, recorder, set, cert);
      }
    }
  }

  /**
   * Walks the fields of a parsed message; its depth is bounded by the parser.
   *
   * @param hasEntries false if the entries in it are open already
   */
  private void inside(Message message, int depth, boolean hasEntries) {
    if (!CARRIERS.contains(message.getDescriptorForType())) {
      return;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE
          || !CARRIERS.contains(field.getKey().getMessageType())) {
        continue;
      }
      if (field.getKey().isRepeated()) {
        for (Object element : (Iterable<?>) field.getValue()) {
          one((Message) element, depth, hasEntries);
        }
      } else {
        one((Message) field.getValue(), depth, hasEntries);
      }
    }
  }

  private void one(Message part, int depth, boolean hasEntries) {
    if (claims.size() == CLAIMS_MAX) {
      return;
    }
    if (part instanceof Envelope envelope) {
      if (hasEntries || envelope.getKind() != EnvelopeKind.ENVELOPE_KIND_ENTRY_VALUE) {
        envelope(envelope, depth + 1);
      }
    } else if (part instanceof Cert cert) {
      certificate(cert);
    } else {
      inside(part, depth, hasEntries);
    }
  }
}
