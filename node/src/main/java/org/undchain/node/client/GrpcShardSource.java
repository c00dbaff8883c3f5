package org.undchain.node.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.TimeUnit;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.storage.PieceChunk;
import org.undchain.node.storage.StorageStatus;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.node.transport.grpc.v1.ShardQuery;
import org.undchain.node.transport.grpc.v1.ShardsGrpc;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.ProvenPiece;
import org.undchain.utilities.storage.ShardSource;
import org.undchain.utilities.storage.ShardTree;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/** Reads pieces from a partner by {@code Shards.Fetch}; a cancelled reader cancels its call. */
public final class GrpcShardSource implements ShardSource {
  private final NodeId partner;
  private final ChannelOf channel;
  private final Patience patience;

  /** The way to a partner as it is now. */
  @FunctionalInterface
  public interface ChannelOf {
    /** Waits for a connection, within the patience. */
    Channel get() throws StorageException, InterruptedException;
  }

  public GrpcShardSource(NodeId partner, ChannelOf channel, Patience patience) {
    this.partner = partner;
    this.channel = channel;
    this.patience = patience;
  }

  @Override
  public NodeId partner() {
    return partner;
  }

  @Override
  public ProvenPiece read(Hash root, int index) throws StorageException, InterruptedException {
    ShardQuery query =
        ShardQuery.newBuilder()
            .setRoot(root.toByteString())
            .setOffset((long) index * ShardTree.PIECE_BYTES)
            .setLength(ShardTree.PIECE_BYTES)
            .build();
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(patience.limit().toMillis(), TimeUnit.MILLISECONDS);
    BlockingClientCall<?, ShardChunk> call =
        ClientCalls.blockingV2ServerStreamingCall(
            channel.get(), ShardsGrpc.getFetchMethod(), options, query);
    try {
      ShardChunk chunk = call.read();
      if (chunk == null) {
        throw new StorageException(StorageReason.TRUNCATED, "no piece " + index + " came");
      }
      return PieceChunk.read(chunk, index);
    } catch (StatusException refused) {
      throw StorageStatus.failure(refused);
    } finally {
      call.cancel("one piece was asked for", null);
    }
  }
}
