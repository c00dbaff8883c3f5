package org.undchain.node.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.Vote;
import org.undchain.core.value.Hash;

/**
 * One signature of a consensus key, in 128 bytes of the {@link SigningGuard}.
 *
 * <p>Layout, big-endian: magic:u32, kind:u8, step:u8, 0:u16, sequence:u64, epoch:u64, height:u64,
 * round:u64, polRoundPlusOne:u32, value:32, hash of the record before:32, 0:16, CRC-32C of all
 * before:u32. Of a lane header height is the slot, round the sequence number and value the hash of
 * its body.
 *
 * @param kind what was signed
 * @param step 1 prevote, 2 precommit; 0 otherwise
 * @param value what it was signed for; zero for nil. In the first record the chain id, and previous
 *     is the node's identity
 */
public record GuardRecord(
    Kind kind,
    int step,
    long sequence,
    long epoch,
    long height,
    long round,
    int polRoundPlusOne,
    Hash value,
    Hash previous) {
  static final int SIZE = 128;
  private static final int MAGIC = 0x554e4447; // UNDG
  private static final int CRC_AT = SIZE - Integer.BYTES;

  /** What a record of the guard is about. */
  public enum Kind {
    OWNER,
    VOTE,
    PROPOSAL,
    LANE,
    /** The node forgot what it had signed; R4.41 holds until something is signed again. */
    AMNESIA
  }

  static GuardRecord owner(StoreOwner owner) {
    return new GuardRecord(
        Kind.OWNER, 0, 0, 0, 0, 0, 0, owner.chainId(), new Hash(owner.node().bytes()));
  }

  static GuardRecord amnesia() {
    return new GuardRecord(Kind.AMNESIA, 0, 0, 0, 0, 0, 0, Hash.ZERO, Hash.ZERO);
  }

  /** What a log record signs with the consensus key, if it does. */
  public static Optional<GuardRecord> of(LogRecord record) {
    return switch (record.getRecordCase()) {
      case VOTE -> Optional.of(vote(record.getVote().getVote()));
      case PROPOSAL -> Optional.of(proposal(record.getProposal()));
      case LANE -> Optional.of(lane(record.getLane().getBatch().getHeader()));
      case FREEZE,
          CLOSED,
          BLOCK,
          BEAT,
          PAYOUT,
          RESULTS,
          SESSION,
          SET_CERT,
          CHECKPOINT,
          RECORD_NOT_SET ->
          Optional.empty();
    };
  }

  /** A vote, as a certificate tells of it. */
  public static GuardRecord of(Vote vote) {
    return new GuardRecord(
        Kind.VOTE,
        vote.getTypeValue(),
        0,
        vote.getEpoch(),
        vote.getHeight(),
        vote.getRound(),
        vote.getPolRoundPlusOne(),
        vote.getValue().isEmpty() ? Hash.ZERO : Hash.of(vote.getValue()),
        Hash.ZERO);
  }

  GuardRecord at(long newSequence, Hash newPrevious) {
    return new GuardRecord(
        kind, step, newSequence, epoch, height, round, polRoundPlusOne, value, newPrevious);
  }

  /** What may be signed once. */
  public record Place(Kind kind, int step, long epoch, long height, long round) {}

  public Place place() {
    return new Place(kind, step, epoch, height, round);
  }

  /** Whether both sign at the same place: then they must sign the same. */
  boolean isSamePlace(GuardRecord other) {
    return place().equals(other.place());
  }

  boolean isSameContent(GuardRecord other) {
    return value.equals(other.value) && polRoundPlusOne == other.polRoundPlusOne;
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(SIZE);
    out.putInt(MAGIC)
        .put((byte) kind.ordinal())
        .put((byte) step)
        .putShort((short) 0)
        .putLong(sequence)
        .putLong(epoch)
        .putLong(height)
        .putLong(round)
        .putInt(polRoundPlusOne)
        .put(value.bytes().unsafeArray())
        .put(previous.bytes().unsafeArray());
    out.putInt(CRC_AT, crc(out.array()));
    return out.array();
  }

  /** A whole record, or empty if its check sum or form is wrong. */
  static Optional<GuardRecord> decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt() != MAGIC || in.getInt(CRC_AT) != crc(bytes)) {
      return Optional.empty();
    }
    int kind = in.get();
    int step = in.get();
    in.getShort();
    if (kind < 0 || kind >= Kind.values().length) {
      return Optional.empty();
    }
    long sequence = in.getLong();
    long epoch = in.getLong();
    long height = in.getLong();
    long round = in.getLong();
    int polRoundPlusOne = in.getInt();
    return Optional.of(
        new GuardRecord(
            Kind.values()[kind],
            step,
            sequence,
            epoch,
            height,
            round,
            polRoundPlusOne,
            hash(in),
            hash(in)));
  }

  private static GuardRecord vote(Envelope envelope) {
    try {
      return of(Vote.parseFrom(envelope.getBody()));
    } catch (InvalidProtocolBufferException own) {
      throw new IllegalStateException("a vote of our own cannot be read", own);
    }
  }

  private static GuardRecord proposal(Envelope envelope) {
    try {
      Proposal proposal = Proposal.parseFrom(envelope.getBody());
      return new GuardRecord(
          Kind.PROPOSAL,
          0,
          0,
          proposal.getEpoch(),
          proposal.getHeight(),
          proposal.getRound(),
          proposal.getPolRoundPlusOne(),
          hashOf(envelope.getBody()),
          Hash.ZERO);
    } catch (InvalidProtocolBufferException own) {
      throw new IllegalStateException("a proposal of our own cannot be read", own);
    }
  }

  /** A header of a lane, of whoever signed it. */
  public static GuardRecord lane(Envelope envelope) {
    try {
      LaneHeader header = LaneHeader.parseFrom(envelope.getBody());
      return new GuardRecord(
          Kind.LANE,
          0,
          0,
          0,
          header.getSlot(),
          header.getSeq(),
          0,
          hashOf(envelope.getBody()),
          Hash.ZERO);
    } catch (InvalidProtocolBufferException own) {
      throw new IllegalStateException("a lane header that was checked cannot be read", own);
    }
  }

  private static Hash hashOf(ByteString bytes) {
    return Hashes.sha256(bytes.toByteArray());
  }

  private static Hash hash(ByteBuffer in) {
    byte[] bytes = new byte[Hash.SIZE];
    in.get(bytes);
    return Hash.wrap(bytes);
  }

  private static int crc(byte[] record) {
    CRC32C crc = new CRC32C();
    crc.update(record, 0, CRC_AT);
    return (int) crc.getValue();
  }
}
