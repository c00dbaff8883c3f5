package org.undchain.core.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Seals and opens envelopes (R0.1–R0.4, R0.8). Nothing here throws on bytes from outside. */
public final class Envelopes {
  /** Longest body of an entry or session object (R0.3). */
  public static final int ENTRY_BODY_MAX = 8192;

  /** Longest body of any message. */
  public static final int BODY_MAX = 4 << 20;

  private static final byte[] MAGIC = "UND1".getBytes(StandardCharsets.US_ASCII);
  private static final int BATCH_MAX = 64;

  private Envelopes() {}

  /** The bytes a signature covers, and whose hash is the id (R0.1, R0.2). */
  public static Bytes signedBytes(
      ChainContext chain, EnvelopeKind kind, int type, long payPeriod, NodeId signer, Bytes body) {
    ByteBuffer out =
        signedHead(chain, kind, type, payPeriod, body.size(), signer.bytes().unsafeArray());
    return Bytes.wrap(out.put(body.unsafeArray()).array());
  }

  private static Bytes signedBytes(
      ChainContext chain, EnvelopeKind kind, NodeId signer, Envelope envelope) {
    ByteString body = envelope.getBody();
    ByteBuffer out =
        signedHead(
            chain,
            kind,
            envelope.getType(),
            envelope.getPayPeriod(),
            body.size(),
            signer.bytes().unsafeArray());
    body.copyTo(out);
    return Bytes.wrap(out.array());
  }

  /** Everything before the body, with room for it. */
  private static ByteBuffer signedHead(
      ChainContext chain, EnvelopeKind kind, int type, long payPeriod, int size, byte[] signer) {
    return ByteBuffer.allocate(4 + 1 + 2 + 32 + 32 + 8 + 32 + 4 + size)
        .put(MAGIC)
        .put((byte) kind.getNumber())
        .putShort((short) type)
        .put(chain.networkId().bytes().unsafeArray())
        .put(chain.chainId().bytes().unsafeArray())
        .putLong(payPeriod)
        .put(signer)
        .putInt(size);
  }

  /** Signed bytes of an envelope from outside; its kind and signer must be well-formed. */
  public static Bytes signedBytes(ChainContext chain, Envelope envelope) {
    return signedBytes(
        chain,
        EnvelopeKind.forNumber(envelope.getKind()),
        NodeId.of(envelope.getSigner()),
        envelope);
  }

  /** Id of an envelope that was opened before or built here. */
  public static Hash id(ChainContext chain, Envelope envelope) {
    return Hashes.sha256(signedBytes(chain, envelope));
  }

  /** Id of an envelope from outside, to name it in a refusal; zero if it has no form to hash. */
  public static Hash idOrZero(ChainContext chain, Envelope envelope) {
    boolean hasForm =
        envelope.getSigner().size() == NodeId.SIZE
            && EnvelopeKind.forNumber(envelope.getKind()) != null;
    return hasForm ? id(chain, envelope) : Hash.ZERO;
  }

  public static Envelope seal(
      ChainContext chain,
      Signer signer,
      EnvelopeKind kind,
      int type,
      long payPeriod,
      Message body) {
    Bytes encoded = Canonical.encode(body);
    Bytes sig = signer.sign(signedBytes(chain, kind, type, payPeriod, signer.id(), encoded));
    return frame(chain, signer.id(), kind, type, payPeriod, encoded)
        .setSig(sig.toByteString())
        .build();
  }

  /**
   * An envelope of kind 7 without a signature, for messages that prove themselves ({@link
   * #isSelfProving}).
   */
  public static Envelope unsigned(
      ChainContext chain, NodeId sender, int type, long payPeriod, Message body) {
    return frame(
            chain,
            sender,
            EnvelopeKind.ENVELOPE_KIND_MESSAGE,
            type,
            payPeriod,
            Canonical.encode(body))
        .build();
  }

  public static Envelope sealEntry(
      ChainContext chain, Signer signer, long payPeriod, Message entry) {
    int type = numberOf(Entry.getDescriptor().getFields(), entry);
    return seal(chain, signer, EnvelopeKind.ENVELOPE_KIND_ENTRY, type, payPeriod, entry);
  }

  /** A signed point-to-point message (kind 7). */
  public static Envelope sealMessage(
      ChainContext chain, Signer signer, long payPeriod, Message message) {
    return seal(
        chain,
        signer,
        EnvelopeKind.ENVELOPE_KIND_MESSAGE,
        messageType(message),
        payPeriod,
        message);
  }

  /** A contract, micro-receipt or close (kind 4, payPeriod 0). */
  public static Envelope sealSession(ChainContext chain, Signer signer, Message object) {
    return seal(chain, signer, EnvelopeKind.ENVELOPE_KIND_SESSION, messageType(object), 0, object);
  }

  /** Type number of a wire message (section 22). */
  public static int messageType(Message message) {
    return numberOf(WireMessage.getDescriptor().getFields(), message);
  }

  /**
   * Signs up to 64 entries of one signer at once (R0.8).
   *
   * @param bodies entries of the signer, in any order; the envelopes come back in the same order
   */
  public static List<Envelope> sealBatch(
      ChainContext chain, Signer signer, long payPeriod, List<? extends Message> bodies) {
    if (bodies.size() < 2 || bodies.size() > BATCH_MAX) {
      throw new IllegalArgumentException("a batch has 2 to 64 entries, not " + bodies.size());
    }
    List<Envelope.Builder> frames = new ArrayList<>();
    List<Bytes> ids = new ArrayList<>();
    for (Message body : bodies) {
      int type = numberOf(Entry.getDescriptor().getFields(), body);
      Envelope.Builder frame =
          frame(
              chain,
              signer.id(),
              EnvelopeKind.ENVELOPE_KIND_ENTRY,
              type,
              payPeriod,
              Canonical.encode(body));
      frames.add(frame);
      ids.add(id(chain, frame.build()).bytes());
    }
    MerkleList.Tree tree = MerkleList.tree(ids);
    Bytes sig = signer.sign(batchRootBytes(chain, signer.id(), tree.root()));
    List<Envelope> sealed = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      BatchPath.Builder path = BatchPath.newBuilder().setIndex(i).setCount(ids.size());
      tree.path(i).forEach(hash -> path.addPath(hash.toByteString()));
      sealed.add(frames.get(i).setSig(sig.toByteString()).setBatch(path).build());
    }
    return sealed;
  }

  /** Opens a message of kind 2, 3, 4, 7 or 8. */
  public static Opening<Opened> open(ChainContext chain, SignatureCheck check, Envelope envelope) {
    Optional<Opening.Refused<Opened>> bad = checkForm(chain, envelope, BODY_MAX);
    if (bad.isPresent()) {
      return bad.get();
    }
    EnvelopeKind kind = EnvelopeKind.forNumber(envelope.getKind());
    FieldDescriptor field =
        fieldOf(WireMessage.getDescriptor().findFieldByNumber(envelope.getType()), kind);
    if (field == NONE) {
      return Opening.refused(
          RejectCode.REJECT_CODE_UNKNOWN_TYPE,
          "kind " + envelope.getKind() + " type " + envelope.getType());
    }
    Bytes signed = signedBytes(chain, envelope);
    boolean unsigned = envelope.getSig().isEmpty();
    if (unsigned) {
      if (kind != EnvelopeKind.ENVELOPE_KIND_MESSAGE
          || !isSelfProving(envelope.getType())
          || envelope.hasBatch()) {
        return Opening.refused(
            RejectCode.REJECT_CODE_BAD_SIGNATURE,
            "type " + envelope.getType() + " needs a signature");
      }
    } else if (envelope.hasBatch()
        || !check.verify(NodeId.of(envelope.getSigner()), signed, Bytes.of(envelope.getSig()))) {
      return Opening.refused(
          RejectCode.REJECT_CODE_BAD_SIGNATURE, "signature of " + field.getName());
    }
    WireMessage.Builder body = WireMessage.newBuilder();
    Optional<? extends Message> parsed =
        Canonical.decode(
            body.newBuilderForField(field).getDefaultInstanceForType().getParserForType(),
            envelope.getBody());
    if (parsed.isEmpty()) {
      return Opening.refused(
          RejectCode.REJECT_CODE_MALFORMED, field.getName() + " is not in canonical form");
    }
    WireMessage message = body.setField(field, parsed.get()).build();
    List<Opening<OpenedEntry>> entries =
        entriesOf(message).stream().map(entry -> openEntry(chain, check, entry)).toList();
    return new Opening.Good<>(
        new Opened(
            envelope,
            Hashes.sha256(signed),
            NodeId.of(envelope.getSigner()),
            !unsigned,
            message,
            entries));
  }

  /** The entries that a message brings for the open job files. */
  private static List<Envelope> entriesOf(WireMessage message) {
    return switch (message.getMessageCase()) {
      case SUBMIT -> List.of(message.getSubmit().getEntry());
      case LANE_BATCH -> message.getLaneBatch().getContentsList();
      case RECON -> entriesOf(message.getRecon());
      default -> List.of();
    };
  }

  private static List<Envelope> entriesOf(Recon recon) {
    return switch (recon.getPartCase()) {
      case DATA -> recon.getData().getContentsList();
      case INSIST -> recon.getInsist().getContentsList();
      default -> List.of();
    };
  }

  /** Opens an on-chain entry (kind 1): form, chain tag, signature. Eligibility is the ledger's. */
  public static Opening<OpenedEntry> openEntry(
      ChainContext chain, SignatureCheck check, Envelope envelope) {
    Optional<Opening.Refused<OpenedEntry>> bad = checkForm(chain, envelope, ENTRY_BODY_MAX);
    if (bad.isPresent()) {
      return bad.get();
    }
    FieldDescriptor field = Entry.getDescriptor().findFieldByNumber(envelope.getType());
    if (envelope.getKind() != EnvelopeKind.ENVELOPE_KIND_ENTRY_VALUE || field == null) {
      return Opening.refused(
          RejectCode.REJECT_CODE_UNKNOWN_TYPE, "no entry of type " + envelope.getType());
    }
    Bytes signed = signedBytes(chain, envelope);
    Hash id = Hashes.sha256(signed);
    Optional<Bytes> covered = covered(chain, envelope, signed, id);
    if (covered.isEmpty()
        || !check.verify(
            NodeId.of(envelope.getSigner()), covered.get(), Bytes.of(envelope.getSig()))) {
      return Opening.refused(
          RejectCode.REJECT_CODE_BAD_SIGNATURE, "signature of " + field.getName());
    }
    Entry.Builder body = Entry.newBuilder();
    Optional<? extends Message> parsed =
        Canonical.decode(
            body.newBuilderForField(field).getDefaultInstanceForType().getParserForType(),
            envelope.getBody());
    if (parsed.isEmpty()) {
      return Opening.refused(
          RejectCode.REJECT_CODE_MALFORMED, field.getName() + " is not in canonical form");
    }
    body.setField(field, parsed.get());
    return new Opening.Good<>(
        new OpenedEntry(
            envelope,
            id,
            NodeId.of(envelope.getSigner()),
            body.build(),
            envelope.getBody().size()));
  }

  /**
   * Whether the signature of an envelope is good; for second signatures and envelopes that travel
   * inside others. Nobody signs anything of a kind that is unknown.
   */
  public static boolean isSignedBy(
      ChainContext chain, SignatureCheck check, Envelope envelope, NodeId signer, Bytes sig) {
    EnvelopeKind kind = EnvelopeKind.forNumber(envelope.getKind());
    if (kind == null) {
      return false;
    }
    return check.verify(signer, signedBytes(chain, kind, signer, envelope), sig);
  }

  /**
   * Messages that the one who gets them believes because of the connection they come on: whatever
   * in them is for others to see is signed itself. The rest of {@link #isSelfProving} is nobody's
   * word.
   */
  static boolean isVouchedByConnection(int type) {
    return type == WireMessage.ACK_FIELD_NUMBER || type == WireMessage.REJECT_FIELD_NUMBER;
  }

  /**
   * Kind 7 messages that travel without a signature of their own on an authenticated connection:
   * every claim inside is signed or hashed itself, or is a question that anyone may ask.
   */
  public static boolean isSelfProving(int type) {
    return switch (WireMessage.MessageCase.forNumber(type)) {
      case DIRECTORY_REQUEST,
          TIME_PROBE,
          SUBMIT,
          ACK,
          REJECT,
          GET,
          GET_REPLY,
          LANE_BATCH,
          RECON,
          CERT,
          JOB_NOTICE,
          OFFER,
          OFFER_CONTROL,
          WORK,
          MICRO,
          CLOSE,
          CONTRACT ->
          true;
      case HELLO,
          DIRECTORY_REPLY,
          TIME_REPLY,
          STATUS,
          PROPOSAL,
          VOTE,
          SUBSCRIBE,
          SUBSCRIBE_REPLY,
          PARTNER_STATUS,
          BID,
          MESSAGE_NOT_SET ->
          false;
      case null -> false;
    };
  }

  private static final FieldDescriptor NONE = Envelope.getDescriptor().findFieldByNumber(1);

  private static FieldDescriptor fieldOf(
      @org.jspecify.annotations.Nullable FieldDescriptor field, EnvelopeKind kind) {
    if (field == null) {
      return NONE;
    }
    int type = field.getNumber();
    boolean fits =
        switch (kind) {
          case ENVELOPE_KIND_VOTE -> type == WireMessage.VOTE_FIELD_NUMBER;
          case ENVELOPE_KIND_SESSION ->
              type == WireMessage.CONTRACT_FIELD_NUMBER
                  || type == WireMessage.MICRO_FIELD_NUMBER
                  || type == WireMessage.CLOSE_FIELD_NUMBER;
          case ENVELOPE_KIND_MESSAGE, ENVELOPE_KIND_DATAGRAM ->
              type != WireMessage.VOTE_FIELD_NUMBER;
          case ENVELOPE_KIND_UNSPECIFIED,
              ENVELOPE_KIND_ENTRY,
              ENVELOPE_KIND_LANE_HEADER,
              ENVELOPE_KIND_OWNER,
              ENVELOPE_KIND_LINK,
              ENVELOPE_KIND_BATCH_ROOT,
              UNRECOGNIZED ->
              false;
        };
    return fits ? field : NONE;
  }

  private static <T> Optional<Opening.Refused<T>> checkForm(
      ChainContext chain, Envelope envelope, int bodyMax) {
    if (envelope.getBody().size() > bodyMax) {
      return refuse(
          RejectCode.REJECT_CODE_TOO_LARGE,
          "body has " + envelope.getBody().size() + " bytes, at most " + bodyMax);
    }
    EnvelopeKind kind = EnvelopeKind.forNumber(envelope.getKind());
    if (kind == null
        || kind == EnvelopeKind.ENVELOPE_KIND_UNSPECIFIED
        || envelope.getType() > 0xffff
        || envelope.getType() < 0) {
      return refuse(
          RejectCode.REJECT_CODE_UNKNOWN_TYPE,
          "kind " + envelope.getKind() + " type " + envelope.getType());
    }
    if (envelope.getSigner().size() != NodeId.SIZE) {
      return refuse(
          RejectCode.REJECT_CODE_BAD_KEY,
          "signer has " + envelope.getSigner().size() + " bytes, not 32");
    }
    if (!envelope.getUnknownFields().asMap().isEmpty()) {
      return refuse(RejectCode.REJECT_CODE_MALFORMED, "unknown field in the envelope");
    }
    if (!envelope.getChainTag().equals(chain.tag())) {
      return refuse(RejectCode.REJECT_CODE_WRONG_CHAIN, "chain tag is not that of this chain");
    }
    if (!envelope.getSig().isEmpty()
        && !org.undchain.core.crypto.Ed25519Rule.isAllowedKey(NodeId.of(envelope.getSigner()))) {
      return refuse(RejectCode.REJECT_CODE_BAD_KEY, "signer is no canonical key of large order");
    }
    return Optional.empty();
  }

  private static <T> Optional<Opening.Refused<T>> refuse(RejectCode code, String detail) {
    return Optional.of(new Opening.Refused<>(code, detail));
  }

  /**
   * What the signature of an entry covers: its own signed bytes, or those of a batch root (R0.8).
   */
  private static Optional<Bytes> covered(
      ChainContext chain, Envelope envelope, Bytes signed, Hash id) {
    if (!envelope.hasBatch()) {
      return Optional.of(signed);
    }
    BatchPath batch = envelope.getBatch();
    if (batch.getCount() < 2 || batch.getCount() > BATCH_MAX || batch.getPathCount() > 6) {
      return Optional.empty();
    }
    List<Hash> path = new ArrayList<>();
    for (ByteString hash : batch.getPathList()) {
      if (hash.size() != Hash.SIZE) {
        return Optional.empty();
      }
      path.add(Hash.of(hash));
    }
    return MerkleList.rootFrom(id.bytes(), batch.getIndex(), batch.getCount(), path)
        .map(root -> batchRootBytes(chain, NodeId.of(envelope.getSigner()), root));
  }

  private static Bytes batchRootBytes(ChainContext chain, NodeId signer, Hash root) {
    return signedBytes(chain, EnvelopeKind.ENVELOPE_KIND_BATCH_ROOT, 0, 0, signer, root.bytes());
  }

  private static Envelope.Builder frame(
      ChainContext chain, NodeId signer, EnvelopeKind kind, int type, long payPeriod, Bytes body) {
    return Envelope.newBuilder()
        .setBody(body.toByteString())
        .setSigner(signer.toByteString())
        .setKind(kind.getNumber())
        .setType(type)
        .setPayPeriod(payPeriod)
        .setChainTag(chain.tag());
  }

  private static int numberOf(List<FieldDescriptor> fields, Message message) {
    for (FieldDescriptor field : fields) {
      if (field.getMessageType().equals(message.getDescriptorForType())) {
        return field.getNumber();
      }
    }
    throw new IllegalArgumentException(
        message.getDescriptorForType().getFullName() + " has no type number");
  }
}
