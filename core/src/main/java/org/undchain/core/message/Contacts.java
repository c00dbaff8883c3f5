package org.undchain.core.message;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Seals and opens contact records (kind 8): where a node can be reached, signed by that node, so
 * nobody who passes it on can change it.
 */
public final class Contacts {
  /** Type of a contact record; no message has this number, so neither passes for the other. */
  public static final int TYPE = 37;

  /** Most routes of a record or bid. */
  public static final int ROUTES_MAX = 4;

  private static final int MEDIUM_MAX = 16;
  private static final int ADDRESS_MAX = 256;

  private Contacts() {}

  /** The record of the signer itself. */
  public static Envelope seal(
      ChainContext chain, Signer signer, long payPeriod, ContactRecord record) {
    return Envelopes.seal(
        chain, signer, EnvelopeKind.ENVELOPE_KIND_DATAGRAM, TYPE, payPeriod, record);
  }

  /** The record, if the node that it is about signed it and it is well-formed. */
  public static Opening<ContactRecord> open(
      ChainContext chain, SignatureCheck check, Envelope envelope) {
    boolean hasForm =
        envelope.getKind() == EnvelopeKind.ENVELOPE_KIND_DATAGRAM_VALUE
            && envelope.getType() == TYPE
            && envelope.getSigner().size() == NodeId.SIZE
            && envelope.getBody().size() <= Envelopes.ENTRY_BODY_MAX
            && envelope.getChainTag().equals(chain.tag())
            && !envelope.hasBatch()
            && envelope.getUnknownFields().asMap().isEmpty();
    if (!hasForm) {
      return Opening.refused(RejectCode.REJECT_CODE_MALFORMED, "no contact record of this chain");
    }
    NodeId signer = NodeId.of(envelope.getSigner());
    Bytes sig = Bytes.of(envelope.getSig());
    if (!check.verify(signer, Envelopes.signedBytes(chain, envelope), sig)) {
      return Opening.refused(
          RejectCode.REJECT_CODE_BAD_SIGNATURE, "signature of the contact record");
    }
    Optional<ContactRecord> record =
        Canonical.decode(ContactRecord.parser(), Bytes.of(envelope.getBody()));
    if (record.isEmpty()) {
      return Opening.refused(
          RejectCode.REJECT_CODE_MALFORMED, "the contact record is not in canonical form");
    }
    boolean isOwn = record.get().getId().equals(envelope.getSigner());
    return isOwn && areRoutes(record.get().getRoutesList())
        ? new Opening.Good<>(record.get())
        : Opening.refused(
            RejectCode.REJECT_CODE_BAD_FIELD, "a contact record names its signer and its routes");
  }

  /** Whether these routes may stand in a contact record or bid. */
  public static boolean areRoutes(List<Route> routes) {
    return routes.size() <= ROUTES_MAX && routes.stream().allMatch(Contacts::isRoute);
  }

  private static boolean isRoute(Route route) {
    ByteString transport = route.getTransportHash();
    return route.getMedium().length() <= MEDIUM_MAX
        && route.getAddress().length() <= ADDRESS_MAX
        && (transport.isEmpty() || transport.size() == Hash.SIZE);
  }
}
