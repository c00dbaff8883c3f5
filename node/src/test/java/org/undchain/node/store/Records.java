package org.undchain.node.store;

import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Block;
import org.undchain.core.message.CheckpointRecord;
import org.undchain.core.message.ClosedRecord;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Header;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LaneRecord;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteRecord;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Log records for tests of the disk. */
final class Records {
  static final StoreOwner OWNER = new StoreOwner(hash(1), new NodeId(hash(2).bytes()));

  private Records() {}

  static LogRecord vote(long height, int round, VoteType type, int value) {
    Vote vote =
        Vote.newBuilder()
            .setHeight(height)
            .setRound(round)
            .setType(type)
            .setValue(hash(value).toByteString())
            .build();
    return LogRecord.newBuilder()
        .setVote(
            VoteRecord.newBuilder().setVote(Envelope.newBuilder().setBody(vote.toByteString())))
        .build();
  }

  static LogRecord prevote(long height, int value) {
    return vote(height, 0, VoteType.VOTE_TYPE_PREVOTE, value);
  }

  static LogRecord lane(long slot, long seq, int count) {
    LaneHeader header = LaneHeader.newBuilder().setSlot(slot).setSeq(seq).setIdCount(count).build();
    return LogRecord.newBuilder()
        .setLane(
            LaneRecord.newBuilder()
                .setBatch(
                    LaneBatch.newBuilder()
                        .setHeader(Envelope.newBuilder().setBody(header.toByteString()))))
        .build();
  }

  static LogRecord closed(long slot) {
    return LogRecord.newBuilder().setClosed(ClosedRecord.newBuilder().setNextSlot(slot)).build();
  }

  static LogRecord checkpoint(long height, int part, int parts) {
    return LogRecord.newBuilder()
        .setCheckpoint(
            CheckpointRecord.newBuilder()
                .setHeader(Header.newBuilder().setHeight(height))
                .setPart(part)
                .setParts(parts))
        .build();
  }

  static LogRecord block(long height) {
    return LogRecord.newBuilder()
        .setBlock(
            Block.newBuilder()
                .setHead(
                    SignedHeader.newBuilder().setHeader(Header.newBuilder().setHeight(height))))
        .build();
  }

  static Hash hash(int seed) {
    return Hashes.sha256(new byte[] {(byte) seed});
  }
}
