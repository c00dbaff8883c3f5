package org.undchain.node.client;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.ShardDoor;
import org.undchain.utilities.storage.ShardSink;
import org.undchain.utilities.storage.StorageException;

/**
 * The door of a partner that offered: its seat is opened before the first shard, at the latest when
 * the shard comes. Every MiB it has taken is paid at once.
 */
final class SeatDoor implements ShardDoor {
  private static final long UNIT_BYTES = 1L << 20;

  private final NodeId partner;
  private final SeatBroker broker;
  private final Patience patience;
  private final AtomicLong paidUnits = new AtomicLong();
  private volatile long takenBytes;
  private @Nullable GrpcShardDoor door; // guarded by this
  private volatile @Nullable Hash contract;
  private volatile boolean isLeft;

  SeatDoor(NodeId partner, SeatBroker broker, Patience patience) {
    this.partner = partner;
    this.broker = broker;
    this.patience = patience;
  }

  @Override
  public NodeId partner() {
    return partner;
  }

  /** The contract of the seat, once it has started and unless it was left. */
  Optional<Hash> contract() {
    return isLeft ? Optional.empty() : Optional.ofNullable(contract);
  }

  /** Waits until the seat has started. */
  synchronized GrpcShardDoor start() throws StorageException, InterruptedException {
    GrpcShardDoor open = door;
    if (open == null) {
      Hash id = broker.seat(partner);
      open =
          new GrpcShardDoor(
              partner,
              id,
              () -> broker.node().channel(partner, patience.limit()),
              patience,
              taken -> pay(id, taken));
      contract = id;
      door = open;
    }
    return open;
  }

  @Override
  public ShardSink open(long size) throws StorageException, InterruptedException {
    return start().open(size);
  }

  private void pay(Hash id, long taken) {
    takenBytes = taken;
    payUnits(id, taken / UNIT_BYTES);
  }

  /** The last micro-receipt and the close over it. */
  void close(Bytes workHash) {
    Hash id = contract;
    if (id != null) {
      payUnits(id, Math.ceilDiv(takenBytes, UNIT_BYTES));
      broker.node().command(new ClientCommand.CloseSeat(id, workHash));
    }
  }

  /** The partner failed: it gets what was signed. */
  void leave() {
    isLeft = true;
    Hash id = contract;
    if (id != null) {
      broker.node().command(new ClientCommand.LeaveSeat(id));
    }
  }

  private void payUnits(Hash id, long units) {
    if (units > paidUnits.getAndAccumulate(units, Math::max)) {
      broker.node().command(new ClientCommand.Pay(id, units, Bytes.EMPTY));
    }
  }
}
