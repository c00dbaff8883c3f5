package org.undchain.node.partner;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import org.undchain.core.value.Hash;
import org.undchain.node.storage.PieceChunk;
import org.undchain.node.storage.StorageStatus;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.node.transport.grpc.v1.ShardQuery;
import org.undchain.utilities.storage.ProvenPiece;
import org.undchain.utilities.storage.ShardReader;
import org.undchain.utilities.storage.ShardTree;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/** One {@code Fetch} call: pieces are read from the disk as fast as the caller takes them. */
final class ShardFetch {
  private final ShardService.Setting setting;
  private final ServerCallStreamObserver<ShardChunk> caller;
  private final ShardReader shard;
  private final int end;
  private final AtomicBoolean isOver = new AtomicBoolean();
  private int next;

  private ShardFetch(
      ShardService.Setting setting,
      ServerCallStreamObserver<ShardChunk> caller,
      ShardReader shard,
      int first,
      int end) {
    this.setting = setting;
    this.caller = caller;
    this.shard = shard;
    this.next = first;
    this.end = end;
  }

  /** Opens the shard; the first piece is on its way on return. */
  static void begin(
      ShardService.Setting setting,
      ServerCallStreamObserver<ShardChunk> caller,
      ShardQuery query,
      Runnable atEnd)
      throws StorageException {
    if (query.getRoot().size() != Hash.SIZE) {
      throw new StorageException(StorageReason.REFUSED, "a root has 32 bytes");
    }
    ShardReader shard = setting.store().read(Hash.of(query.getRoot()));
    try {
      int first = first(query, shard);
      ShardFetch fetch = new ShardFetch(setting, caller, shard, first, end(query, shard, first));
      caller.setOnCancelHandler(() -> fetch.close(atEnd));
      caller.setOnReadyHandler(() -> fetch.send(atEnd));
      fetch.send(atEnd);
    } catch (StorageException refused) {
      shard.close();
      throw refused;
    }
  }

  private static int first(ShardQuery query, ShardReader shard) throws StorageException {
    long offset = query.getOffset();
    if (offset < 0 || offset >= shard.size() || offset % ShardTree.PIECE_BYTES != 0) {
      throw new StorageException(
          StorageReason.REFUSED, "a range begins at a multiple of 256 KiB within the shard");
    }
    return (int) (offset / ShardTree.PIECE_BYTES);
  }

  private static int end(ShardQuery query, ShardReader shard, int first) throws StorageException {
    if (query.getLength() < 0) {
      throw new StorageException(StorageReason.REFUSED, "no range is that long");
    }
    long wanted = Math.ceilDiv(query.getLength(), (long) ShardTree.PIECE_BYTES);
    return query.getLength() == 0 ? shard.pieces() : (int) Math.min(shard.pieces(), first + wanted);
  }

  /** gRPC calls one call's handlers one after the other, so nothing here runs twice at a time. */
  private void send(Runnable atEnd) {
    try {
      while (!isOver.get() && caller.isReady() && next < end) {
        ProvenPiece piece = shard.piece(next);
        setting.reads().spend(piece.bytes().length);
        caller.onNext(PieceChunk.of(piece, next));
        setting.meter().served(piece.bytes().length);
        next++;
      }
      if (next == end && close(atEnd)) {
        caller.onCompleted();
      }
    } catch (StorageException failure) {
      if (close(atEnd)) {
        setting.meter().refused(failure.reason());
        caller.onError(StorageStatus.refusal(failure));
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      close(atEnd);
    }
  }

  private boolean close(Runnable atEnd) {
    if (!isOver.compareAndSet(false, true)) {
      return false;
    }
    atEnd.run();
    try {
      shard.close();
    } catch (StorageException unclosed) {
      setting.meter().refused(unclosed.reason());
    }
    return true;
  }
}
