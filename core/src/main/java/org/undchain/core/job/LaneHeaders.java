package org.undchain.core.job;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.ledger.Chain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LaneLeaf;
import org.undchain.core.message.LanePhase;
import org.undchain.core.message.Stamp;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Opens lane headers and single stamps from outside: form, owner, signature, path (section 4.2).
 */
public final class LaneHeaders {
  static final int PATH_MAX = 9;
  private static final int HEADER_MAX = 256;

  private LaneHeaders() {}

  /** A header whose owner, a member of the set of its slot, signed it. */
  public record OpenedHeader(Envelope envelope, Hash id, LaneHeader body, NodeId lane) {}

  /**
   * A stamp that holds: {@code lane} promised the id for the slot of {@code header}. One that came
   * in a batch is given its path when it is shown: most never are.
   */
  public static final class OpenedStamp {
    private final OpenedHeader header;
    private final Hash entryId;
    private final boolean isFirstHand;
    private final int index;
    private final IntFunction<List<Hash>> paths;

    OpenedStamp(
        OpenedHeader header,
        Hash entryId,
        boolean isFirstHand,
        int index,
        IntFunction<List<Hash>> paths) {
      this.header = header;
      this.entryId = entryId;
      this.isFirstHand = isFirstHand;
      this.index = index;
      this.paths = paths;
    }

    /** The stamps of all places of a batch, in their order; its header commits to this tree. */
    static List<OpenedStamp> all(OpenedHeader header, List<LaneLeaf> leaves, MerkleList.Tree tree) {
      List<OpenedStamp> stamps = new ArrayList<>(leaves.size());
      IntFunction<List<Hash>> paths = tree::path; // one for all
      for (int i = 0; i < leaves.size(); i++) {
        LaneLeaf leaf = leaves.get(i);
        stamps.add(new OpenedStamp(header, Hash.of(leaf.getId()), leaf.getFirstHand(), i, paths));
      }
      return stamps;
    }

    public OpenedHeader header() {
      return header;
    }

    public Hash entryId() {
      return entryId;
    }

    public NodeId lane() {
      return header.lane();
    }

    public boolean isFirstHand() {
      return isFirstHand;
    }

    /** Its place in the batch. */
    int index() {
      return index;
    }

    /** What leads from it to the root of its batch. */
    List<Hash> path() {
      return paths.apply(index);
    }

    /** The stamp as others can check it. */
    public Stamp stamp() {
      Stamp.Builder stamp =
          Stamp.newBuilder().setHeader(header.envelope()).setIndex(index).setFirstHand(isFirstHand);
      path().forEach(hash -> stamp.addPath(hash.toByteString()));
      return stamp.build();
    }
  }

  public static Optional<OpenedHeader> open(Chain chain, ValidatorSet set, Envelope envelope) {
    return Canonical.decode(LaneHeader.parser(), Bytes.of(envelope.getBody()))
        .flatMap(body -> open(chain, set, envelope, body));
  }

  /**
   * @param body what the envelope's body decodes to
   */
  static Optional<OpenedHeader> open(
      Chain chain, ValidatorSet set, Envelope envelope, LaneHeader body) {
    boolean isForm =
        envelope.getKind() == EnvelopeKind.ENVELOPE_KIND_LANE_HEADER_VALUE
            && envelope.getType() == WireMessage.LANE_BATCH_FIELD_NUMBER
            && !envelope.hasBatch()
            && envelope.getBody().size() <= HEADER_MAX
            && envelope.getSigner().size() == NodeId.SIZE
            && envelope.getChainTag().equals(chain.context().tag());
    if (!isForm) {
      return Optional.empty();
    }
    NodeId key = NodeId.of(envelope.getSigner());
    int place = set.indexOfConsensusKey(key);
    if (place < 0
        || !Envelopes.isSignedBy(
            chain.context(), chain.signatures(), envelope, key, Bytes.of(envelope.getSig()))) {
      return Optional.empty();
    }
    NodeId owner = set.member(place).id();
    return isWellFormed(chain, body, envelope) && body.getLane().equals(owner.toByteString())
        ? Optional.of(
            new OpenedHeader(envelope, Envelopes.id(chain.context(), envelope), body, owner))
        : Optional.empty();
  }

  public static Optional<OpenedStamp> openStamp(
      Chain chain, ValidatorSet set, Stamp stamp, Hash entryId) {
    if (stamp.getPathCount() > PATH_MAX) {
      return Optional.empty();
    }
    List<Hash> path = new ArrayList<>();
    for (ByteString hash : stamp.getPathList()) {
      if (hash.size() != Hash.SIZE) {
        return Optional.empty();
      }
      path.add(Hash.of(hash));
    }
    return open(chain, set, stamp.getHeader())
        .filter(header ->
            MerkleList.verify(
                Hash.of(header.body().getIdsRoot()),
                leaf(entryId, stamp.getFirstHand()),
                stamp.getIndex(),
                header.body().getIdCount(),
                path))
        .map(header ->
            new OpenedStamp(
                header, entryId, stamp.getFirstHand(), stamp.getIndex(), index -> path));
  }

  /** The leaf of a lane's list: id ‖ firstHand:u8 (R4.3). */
  public static Bytes leaf(Hash id, boolean isFirstHand) {
    byte[] leaf = new byte[Hash.SIZE + 1];
    System.arraycopy(id.bytes().unsafeArray(), 0, leaf, 0, Hash.SIZE);
    leaf[Hash.SIZE] = (byte) (isFirstHand ? 1 : 0);
    return Bytes.wrap(leaf);
  }

  public static List<Bytes> leaves(List<LaneLeaf> leaves) {
    return leaves.stream().map(leaf -> leaf(Hash.of(leaf.getId()), leaf.getFirstHand())).toList();
  }

  /** The tree that a header commits to by its {@code idsRoot}. */
  static MerkleList.Tree tree(List<LaneLeaf> leaves) {
    return MerkleList.tree(leaves(leaves));
  }

  private static boolean isWellFormed(Chain chain, LaneHeader body, Envelope envelope) {
    boolean isPhase =
        body.getPhase() == LanePhase.LANE_PHASE_ADMIT
            || body.getPhase() == LanePhase.LANE_PHASE_RECON;
    return isPhase
        && body.getSlot() >= 0
        && body.getSeq() >= 0
        && envelope.getPayPeriod() == chain.calendar().periodOf(body.getSlot())
        && body.getIdsRoot().size() == Hash.SIZE
        && body.getSetFp().size() == Hash.SIZE
        && (body.getPrevHash().size() == (body.getSeq() == 0 ? 0 : Hash.SIZE))
        && body.getIdCount() >= 0
        && body.getIdCount() <= OpenFiles.BATCH_MAX
        && body.getTotalCount() >= 0;
  }
}
