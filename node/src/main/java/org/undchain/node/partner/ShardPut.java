package org.undchain.node.partner;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.undchain.core.partner.PartnerCommand;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.storage.StorageStatus;
import org.undchain.node.transport.grpc.v1.ShardAck;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.utilities.storage.ShardTree;
import org.undchain.utilities.storage.ShardUpload;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/**
 * One {@code Put} call: announced, then piece by piece, then named.
 *
 * <p>The next chunk is read only when its piece is within credit: what the client sends ahead waits
 * in its own window, not in our memory.
 */
final class ShardPut implements StreamObserver<ShardChunk> {
  private final ShardService.Setting setting;
  private final Optional<NodeId> caller;
  private final ServerCallStreamObserver<ShardAck> client;
  private volatile boolean isOver;
  private @Nullable StorageSeat seat;
  private @Nullable ShardUpload upload;

  ShardPut(
      ShardService.Setting setting,
      Optional<NodeId> caller,
      ServerCallStreamObserver<ShardAck> client) {
    this.setting = setting;
    this.caller = caller;
    this.client = client;
  }

  @Override
  public void onNext(ShardChunk chunk) {
    if (isOver) {
      return;
    }
    try {
      if (seat == null) {
        begin(chunk);
      } else if (chunk.getLast()) {
        finish(chunk, seat);
      } else {
        take(chunk, seat);
      }
    } catch (StorageException failure) {
      refuse(failure);
    }
  }

  private void begin(ShardChunk chunk) throws StorageException {
    if (chunk.getContractId().size() != Hash.SIZE
        || !chunk.getData().isEmpty()
        || chunk.getOffset() != 0
        || chunk.getLast()) {
      throw new StorageException(
          StorageReason.REFUSED, "the first chunk names contract and size and nothing else");
    }
    NodeId who =
        caller.orElseThrow(
            () -> new StorageException(StorageReason.NO_HELLO, "say Hello on this connection"));
    Optional<Hash> root = chunk.getRoot().isEmpty() ? Optional.empty() : Optional.of(root(chunk));
    StorageSeat found = setting.seats().find(Hash.of(chunk.getContractId()), who);
    StorageSeat.Beginning begun = found.begin(this, setting.store(), chunk.getSize(), root);
    seat = found;
    switch (begun) {
      case StorageSeat.Beginning.Kept(Hash kept) -> done(chunk.getSize(), kept);
      case StorageSeat.Beginning.Coming(ShardUpload coming) -> {
        upload = coming;
        acknowledge(coming.taken());
        askForNext(found, coming);
      }
    }
  }

  private void take(ShardChunk chunk, StorageSeat to) throws StorageException {
    if (chunk.getData().size() > ShardTree.PIECE_BYTES) {
      throw new StorageException(
          StorageReason.TOO_LARGE, chunk.getData().size() + " bytes in one chunk");
    }
    long before = to.usedUnits();
    long taken = to.take(this, chunk.getOffset(), Bytes.of(chunk.getData()).unsafeArray());
    setting.meter().taken(chunk.getData().size());
    setting.onTaken().accept(chunk.getData().size());
    if (to.usedUnits() > before) {
      setting.agent().accept(new PartnerCommand.Delivered(to.contractId(), to.usedUnits()));
    }
    acknowledge(taken);
    ShardUpload going = upload;
    if (going != null) {
      askForNext(to, going);
    }
  }

  private void finish(ShardChunk chunk, StorageSeat to) throws StorageException {
    if (!chunk.getData().isEmpty()) {
      throw new StorageException(StorageReason.REFUSED, "the last chunk has no data");
    }
    Hash root = root(chunk);
    long size = setting.seats().commit(to, this, root);
    setting.agent().accept(new PartnerCommand.SetCapacity(setting.seats().freeUnits()));
    done(size, root);
  }

  private static Hash root(ShardChunk chunk) throws StorageException {
    if (chunk.getRoot().size() != Hash.SIZE) {
      throw new StorageException(StorageReason.BAD_ROOT, "a root has 32 bytes");
    }
    return Hash.of(chunk.getRoot());
  }

  private void askForNext(StorageSeat to, ShardUpload going) {
    int next = (int) Math.min(ShardTree.PIECE_BYTES, going.size() - going.taken());
    to.whenCovered(next, this::request);
  }

  private void request() {
    if (!isOver && !client.isCancelled()) {
      client.request(1);
    }
  }

  private synchronized void acknowledge(long bytes) {
    if (!isOver) {
      client.onNext(ShardAck.newBuilder().setDurableBytes(bytes).build());
    }
  }

  private synchronized void done(long size, Hash root) {
    if (!isOver) {
      isOver = true;
      client.onNext(
          ShardAck.newBuilder().setDurableBytes(size).setRoot(root.toByteString()).build());
      client.onCompleted();
    }
  }

  private synchronized void refuse(StorageException failure) {
    if (!isOver) {
      isOver = true;
      setting.meter().refused(failure.reason());
      client.onError(StorageStatus.refusal(failure));
    }
  }

  /** Another call goes on with the seat, or the seat is over. Any thread, under the seat's lock. */
  void superseded() {
    refuse(
        new StorageException(StorageReason.NO_CONTRACT, "the seat is over or in another's hands"));
  }

  /** The client is gone; what came stays for the next call of the same seat. */
  @Override
  public void onError(Throwable gone) {
    isOver = true;
  }

  @Override
  public void onCompleted() {
    refuse(
        new StorageException(StorageReason.TRUNCATED, "the upload ended without its last chunk"));
  }
}
