package org.undchain.node.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.CallOptions;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.undchain.core.value.Hash;
import org.undchain.node.storage.StorageStatus;
import org.undchain.node.transport.grpc.v1.ShardAck;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.node.transport.grpc.v1.ShardsGrpc;
import org.undchain.utilities.storage.ShardSink;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/**
 * One shard on its way by {@code Shards.Put}. A few pieces that are not acknowledged yet stay in
 * memory; if the connection is cut they are sent again from where the partner is. What the partner
 * has from an earlier upload of the same seat, or keeps already, is not sent at all.
 */
final class GrpcShardSink implements ShardSink {
  /** Pieces sent and not acknowledged: what one partner costs in memory. */
  static final int AHEAD_MAX = 4;

  /** How often a cut connection is made again for one shard. */
  private static final int CUTS_MAX = 3;

  private static final Duration NEWS_PAUSE = Duration.ofMillis(50);

  private final GrpcShardDoor door;
  private final long size;
  private final Deque<Piece> unacknowledged = new ArrayDeque<>();
  private @Nullable BlockingClientCall<ShardChunk, ShardAck> call;
  private ByteString root;
  private ByteString kept = ByteString.EMPTY;
  private long written;
  private long sent;
  private long acknowledged;
  private int cuts;
  private boolean isFinished;

  @SuppressWarnings("ArrayRecordComponent") // Bulk bytes, handed over and never compared.
  private record Piece(long offset, byte[] bytes) {
    long end() {
      return offset + bytes.length;
    }
  }

  /**
   * @param root empty if it is not known yet
   */
  GrpcShardSink(GrpcShardDoor door, long size, ByteString root) {
    this.door = door;
    this.size = size;
    this.root = root;
  }

  /** Announces the shard; on return the partner has reserved the room. */
  void open() throws StorageException, InterruptedException {
    announce();
  }

  @Override
  public void write(byte[] piece) throws StorageException, InterruptedException {
    unacknowledged.add(new Piece(written, piece));
    written += piece.length;
    forget(); // the partner may have it from before
    while (true) {
      try {
        sendRest();
        while (unacknowledged.size() >= AHEAD_MAX) {
          hear();
        }
        return;
      } catch (StorageException cut) {
        again(cut);
      }
    }
  }

  @Override
  public void finish(Hash finalRoot) throws StorageException, InterruptedException {
    root = finalRoot.toByteString();
    while (!isFinished) {
      try {
        sendRest();
        while (!unacknowledged.isEmpty()) {
          hear();
        }
        name();
      } catch (StorageException cut) {
        again(cut);
      }
    }
    door.finished(size);
  }

  @Override
  public void close() {
    BlockingClientCall<ShardChunk, ShardAck> open = call;
    if (open != null && !isFinished) {
      open.cancel("the upload is given up", null);
    }
  }

  /** Goes on over a new connection if it was the connection that failed, a few times. */
  private void again(StorageException cut) throws StorageException, InterruptedException {
    if (cut.reason() != StorageReason.UNREACHABLE || ++cuts > CUTS_MAX) {
      throw cut;
    }
    long before = acknowledged; // perhaps more than is written yet: of an earlier process
    announce();
    if (acknowledged > Math.max(before, written)) {
      throw new StorageException(StorageReason.LYING, acknowledged + " bytes of " + written);
    }
  }

  /** Again while the partner does not know yet what this client knows. */
  private void announce() throws StorageException, InterruptedException {
    long end = System.nanoTime() + door.news().toNanos();
    while (true) {
      try {
        announceOnce();
        return;
      } catch (StorageException refused) {
        boolean isEarly =
            refused.reason() == StorageReason.NO_HELLO
                || refused.reason() == StorageReason.NO_CONTRACT;
        if (!isEarly || System.nanoTime() > end) {
          throw refused;
        }
      }
      Thread.sleep(NEWS_PAUSE);
    }
  }

  private void announceOnce() throws StorageException, InterruptedException {
    call =
        ClientCalls.blockingBidiStreamingCall(
            door.channel().get(), ShardsGrpc.getPutMethod(), CallOptions.DEFAULT);
    send(
        ShardChunk.newBuilder()
            .setContractId(door.contractId().toByteString())
            .setSize(size)
            .setRoot(root)
            .build());
    ShardAck ack = ack();
    kept = ack.getRoot();
    long has = ack.getDurableBytes();
    if (has < acknowledged || has > size) {
      throw new StorageException(
          StorageReason.TRUNCATED, "the partner has " + has + " bytes, not " + acknowledged);
    }
    if (!kept.isEmpty() && has != size) {
      throw new StorageException(StorageReason.LYING, "a shard is kept, but not all its bytes");
    }
    sent = has;
    acknowledge(has);
  }

  private void sendRest() throws StorageException, InterruptedException {
    for (Piece piece : List.copyOf(unacknowledged)) {
      if (piece.offset() >= sent) {
        send(piece);
        sent = piece.end();
      }
    }
  }

  private void name() throws StorageException, InterruptedException {
    if (kept.isEmpty()) {
      send(ShardChunk.newBuilder().setOffset(size).setLast(true).setRoot(root).build());
      kept = ack().getRoot();
    }
    if (!kept.equals(root)) {
      throw new StorageException(StorageReason.LYING, "the partner keeps another root");
    }
    isFinished = true;
  }

  private void send(Piece piece) throws StorageException, InterruptedException {
    send(
        ShardChunk.newBuilder()
            .setOffset(piece.offset())
            .setData(UnsafeByteOperations.unsafeWrap(piece.bytes()))
            .build());
  }

  private void hear() throws StorageException, InterruptedException {
    long has = ack().getDurableBytes();
    if (has <= acknowledged || has > written) {
      throw new StorageException(StorageReason.LYING, has + " bytes acknowledged of " + written);
    }
    acknowledge(has);
  }

  private void acknowledge(long bytes) {
    acknowledged = bytes;
    forget();
    door.taken(bytes);
  }

  private void forget() {
    while (!unacknowledged.isEmpty() && unacknowledged.getFirst().end() <= acknowledged) {
      unacknowledged.removeFirst();
    }
  }

  private BlockingClientCall<ShardChunk, ShardAck> running() throws StorageException {
    BlockingClientCall<ShardChunk, ShardAck> open = call;
    if (open == null) {
      throw new StorageException(StorageReason.UNREACHABLE, "no call is open");
    }
    return open;
  }

  private ShardAck ack() throws StorageException, InterruptedException {
    try {
      ShardAck ack = running().read(door.patience().limit().toMillis(), TimeUnit.MILLISECONDS);
      if (ack == null) {
        throw new StorageException(StorageReason.TRUNCATED, "the partner ended the upload");
      }
      return ack;
    } catch (StatusException refused) {
      throw StorageStatus.failure(refused);
    } catch (TimeoutException slow) {
      throw new StorageException(
          StorageReason.SLOW, "no acknowledgement for " + door.patience().limit(), slow);
    }
  }

  private void send(ShardChunk chunk) throws StorageException, InterruptedException {
    try {
      boolean isSent =
          running().write(chunk, door.patience().limit().toMillis(), TimeUnit.MILLISECONDS);
      if (!isSent) {
        ack(); // the call is over: its status says why
        throw new StorageException(StorageReason.UNREACHABLE, "the upload ended");
      }
    } catch (StatusException refused) {
      throw StorageStatus.failure(refused);
    } catch (TimeoutException slow) {
      throw new StorageException(
          StorageReason.SLOW, "nothing was taken for " + door.patience().limit(), slow);
    }
  }
}
