package org.undchain.core.evidence;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.Header;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * Proofs of a breach (section 4.7). E1, E2, E3 and E6 hold two envelopes of one offender that no
 * honest validator signs both; E4 holds a stamp and the vote that broke it ({@link BrokenPromise}),
 * E5 a vote and what makes its header invalid ({@link InvalidVote}).
 */
public final class Evidences {
  public static final int DOUBLE_VOTE = 1;
  public static final int DOUBLE_PROPOSAL = 2;
  public static final int LANE_FORK = 3;
  public static final int BROKEN_PROMISE = 4;
  public static final int INVALID_VOTE = 5;
  public static final int IGNORED_LOCK = 6;

  private Evidences() {}

  /**
   * Two envelopes as evidence, the lower bytes first, so that a breach has one form. Like all
   * evidence it gets its window when it is handed in.
   */
  public static Evidence ofPair(int code, Envelope first, Envelope second) {
    Bytes one = Canonical.encode(first);
    Bytes two = Canonical.encode(second);
    boolean isOrdered = code == IGNORED_LOCK || one.compareTo(two) <= 0;
    return Evidence.newBuilder()
        .setCode(code)
        .addBlobs((isOrdered ? one : two).toByteString())
        .addBlobs((isOrdered ? two : one).toByteString())
        .build();
  }

  /**
   * (code, offender key, epoch, height | slot, round | seq) of R4.14 g; of anything odd the hash of
   * its blobs.
   */
  public static Bytes keyOf(Evidence evidence) {
    byte[] code = Hashes.u32(evidence.getCode());
    return place(evidence)
        .map(at ->
            Hashes.sha256(
                code,
                at.signer().bytes().unsafeArray(),
                Hashes.u64(at.epoch()),
                Hashes.u64(at.height()),
                Hashes.u64(at.round())))
        .orElseGet(() -> Hashes.sha256(code, Canonical.encode(evidence).unsafeArray()))
        .bytes();
  }

  /** Where a breach happened. */
  record Place(NodeId signer, long epoch, long height, long round) {}

  /** Whether the blobs prove what the code says. */
  public static boolean isProven(
      ChainContext chain, SignatureCheck check, OldLedger ledger, Evidence evidence) {
    return switch (evidence.getCode()) {
      case DOUBLE_VOTE, DOUBLE_PROPOSAL, LANE_FORK, IGNORED_LOCK ->
          isPairProven(chain, check, evidence);
      case BROKEN_PROMISE -> BrokenPromise.isProven(chain, check, ledger, evidence);
      case INVALID_VOTE -> InvalidVote.isProven(chain, check, ledger, evidence);
      default -> false;
    };
  }

  /** The consensus key that signed the breach; whose it is, the ledger knows. */
  public static Optional<NodeId> offenderKey(Evidence evidence) {
    return place(evidence).map(Place::signer);
  }

  private static boolean isPairProven(ChainContext chain, SignatureCheck check, Evidence evidence) {
    Optional<Envelope> first = envelope(evidence, 0);
    Optional<Envelope> second = envelope(evidence, 1);
    if (evidence.getBlobsCount() != 2 || first.isEmpty() || second.isEmpty()) {
      return false;
    }
    Envelope one = first.get();
    Envelope two = second.get();
    boolean isOneSigner =
        one.getSigner().equals(two.getSigner()) && !one.getBody().equals(two.getBody());
    return isOneSigner
        && isSigned(chain, check, one)
        && isSigned(chain, check, two)
        && switch (evidence.getCode()) {
          case DOUBLE_VOTE -> isDoubleVote(one, two);
          case DOUBLE_PROPOSAL -> isDoubleProposal(one, two);
          case LANE_FORK -> isLaneFork(one, two);
          case IGNORED_LOCK -> isIgnoredLock(one, two);
          default -> false;
        };
  }

  private static boolean isDoubleVote(Envelope one, Envelope two) {
    Optional<Vote> a = vote(one);
    Optional<Vote> b = vote(two);
    return a.isPresent()
        && b.isPresent()
        && a.get().getEpoch() == b.get().getEpoch()
        && a.get().getHeight() == b.get().getHeight()
        && a.get().getRound() == b.get().getRound()
        && a.get().getType() == b.get().getType();
  }

  private static boolean isDoubleProposal(Envelope one, Envelope two) {
    Optional<Proposal> a =
        body(
            one,
            EnvelopeKind.ENVELOPE_KIND_MESSAGE,
            WireMessage.PROPOSAL_FIELD_NUMBER,
            Proposal.parser());
    Optional<Proposal> b =
        body(
            two,
            EnvelopeKind.ENVELOPE_KIND_MESSAGE,
            WireMessage.PROPOSAL_FIELD_NUMBER,
            Proposal.parser());
    return a.isPresent()
        && b.isPresent()
        && a.get().getEpoch() == b.get().getEpoch()
        && a.get().getHeight() == b.get().getHeight()
        && a.get().getRound() == b.get().getRound()
        && (!a.get().getHeader().equals(b.get().getHeader())
            || a.get().getPolRoundPlusOne() != b.get().getPolRoundPlusOne());
  }

  private static boolean isLaneFork(Envelope one, Envelope two) {
    Optional<LaneHeader> a = lane(one);
    Optional<LaneHeader> b = lane(two);
    return a.isPresent()
        && b.isPresent()
        && a.get().getSlot() == b.get().getSlot()
        && a.get().getLane().equals(b.get().getLane())
        && a.get().getSeq() == b.get().getSeq();
  }

  /**
   * E6: a precommit of round r for V, then a prevote of a later round for another V′ that names no
   * newer POL.
   */
  private static boolean isIgnoredLock(Envelope one, Envelope two) {
    Optional<Vote> a = vote(one);
    Optional<Vote> b = vote(two);
    return a.isPresent()
        && b.isPresent()
        && a.get().getType() == VoteType.VOTE_TYPE_PRECOMMIT
        && b.get().getType() == VoteType.VOTE_TYPE_PREVOTE
        && a.get().getEpoch() == b.get().getEpoch()
        && a.get().getHeight() == b.get().getHeight()
        && b.get().getRound() > a.get().getRound()
        && !a.get().getValue().isEmpty()
        && !b.get().getValue().isEmpty()
        && !a.get().getValue().equals(b.get().getValue())
        && b.get().getPolRoundPlusOne() - 1 < a.get().getRound();
  }

  private static Optional<Place> place(Evidence evidence) {
    return evidence.getCode() == BROKEN_PROMISE
        ? BrokenPromise.place(evidence)
        : envelope(evidence, 0).flatMap(first -> place(evidence.getCode(), first));
  }

  private static Optional<Place> place(int code, Envelope first) {
    if (first.getSigner().size() != NodeId.SIZE) {
      return Optional.empty();
    }
    NodeId signer = NodeId.of(first.getSigner());
    return switch (code) {
      case DOUBLE_VOTE, INVALID_VOTE, IGNORED_LOCK ->
          vote(first)
              .map(vote ->
                  new Place(
                      signer,
                      vote.getEpoch(),
                      vote.getHeight(),
                      2L * vote.getRound() + vote.getTypeValue() % 2));
      case DOUBLE_PROPOSAL ->
          body(
                  first,
                  EnvelopeKind.ENVELOPE_KIND_MESSAGE,
                  WireMessage.PROPOSAL_FIELD_NUMBER,
                  Proposal.parser())
              .map(proposal ->
                  new Place(
                      signer, proposal.getEpoch(), proposal.getHeight(), proposal.getRound()));
      case LANE_FORK ->
          lane(first).map(header -> new Place(signer, 0, header.getSlot(), header.getSeq()));
      default -> Optional.empty();
    };
  }

  static Optional<Vote> vote(Envelope envelope) {
    return body(
        envelope, EnvelopeKind.ENVELOPE_KIND_VOTE, WireMessage.VOTE_FIELD_NUMBER, Vote.parser());
  }

  static Optional<LaneHeader> lane(Envelope envelope) {
    return body(
        envelope,
        EnvelopeKind.ENVELOPE_KIND_LANE_HEADER,
        WireMessage.LANE_BATCH_FIELD_NUMBER,
        LaneHeader.parser());
  }

  private static <M extends Message> Optional<M> body(
      Envelope envelope, EnvelopeKind kind, int type, Parser<M> parser) {
    return envelope.getKind() == kind.getNumber() && envelope.getType() == type
        ? Canonical.decode(parser, Bytes.of(envelope.getBody()))
        : Optional.empty();
  }

  /** Whether a vote is for this header. */
  static boolean isFor(Vote vote, Header header) {
    return vote.getValue().equals(Hashes.sha256(Canonical.encode(header)).toByteString());
  }

  static boolean isSigned(ChainContext chain, SignatureCheck check, Envelope envelope) {
    return envelope.getSigner().size() == NodeId.SIZE
        && !envelope.hasBatch()
        && envelope.getChainTag().equals(chain.tag())
        && Envelopes.isSignedBy(
            chain, check, envelope, NodeId.of(envelope.getSigner()), Bytes.of(envelope.getSig()));
  }

  static Optional<Envelope> envelope(Evidence evidence, int index) {
    return read(Envelope.parser(), evidence, index);
  }

  /** The message in one blob; empty if there is no such blob or it holds something else. */
  static <M extends Message> Optional<M> read(Parser<M> parser, Evidence evidence, int index) {
    return index < evidence.getBlobsCount()
        ? Canonical.decode(parser, Bytes.of(evidence.getBlobs(index)))
        : Optional.empty();
  }
}
