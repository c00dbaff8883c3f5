package org.undchain.core.sync;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.message.Block;
import org.undchain.core.message.Get;
import org.undchain.core.message.GetReply;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.value.Bytes;

/** Answers to {@code Get} from committed history: chunks of at most 1 MiB (section 4.9). */
public final class Answers {
  public static final int CHUNK_MAX = 1 << 20;
  private static final int BLOCKS_MAX = 64;

  private Answers() {}

  /** Blocks with contents from a height on. */
  public static GetReply blocks(Archive archive, Get get) {
    GetReply.Builder reply = header(get);
    int bytes = 0;
    for (long height = get.getFrom(); reply.getBlocksCount() < BLOCKS_MAX; height++) {
      Optional<Block> block = archive.block(height);
      if (block.isEmpty()) {
        return reply.build();
      }
      bytes += block.get().getSerializedSize();
      if (bytes > CHUNK_MAX && reply.getBlocksCount() > 0) {
        break;
      }
      reply.addBlocks(block.get());
    }
    return reply.setMore(true).build();
  }

  /** Headers with certificates from a height on. */
  public static GetReply headers(Archive archive, Get get) {
    GetReply.Builder reply = header(get);
    for (long height = get.getFrom(); reply.getHeadersCount() < BLOCKS_MAX; height++) {
      Optional<Block> block = archive.block(height);
      if (block.isEmpty()) {
        return reply.build();
      }
      reply.addHeaders(block.get().getHead());
    }
    return reply.setMore(true).build();
  }

  /** A chunk of the payout file of a period, with its PAYOUT header on the first. */
  public static Optional<GetReply> payout(Archive archive, Get get) {
    return archive.payout(get.getFrom()).map(record -> payout(record, get));
  }

  private static GetReply payout(PayoutRecord record, Get get) {
    SignedHeader head = record.getHead();
    GetReply reply = chunk(get, Canonical.encode(record.getFile()));
    return get.getOffset() == 0 ? reply.toBuilder().addHeaders(head).build() : reply;
  }

  public static GetReply sets(List<SetCert> sets, Get get) {
    return header(get).addAllSetCerts(sets).build();
  }

  /** The part of {@code whole} that starts at the offset asked for; empty behind the end. */
  public static GetReply chunk(Get get, Bytes whole) {
    int from = (int) Math.min(Math.max(0, get.getOffset()), whole.size());
    int to = Math.min(whole.size(), from + CHUNK_MAX);
    return header(get)
        .setChunk(ByteString.copyFrom(whole.unsafeArray(), from, to - from))
        .setTotal(whole.size())
        .setMore(to < whole.size())
        .build();
  }

  private static GetReply.Builder header(Get get) {
    return GetReply.newBuilder()
        .setWhat(get.getWhat())
        .setFrom(get.getFrom())
        .setOffset(get.getOffset())
        .setTag(get.getTag());
  }
}
