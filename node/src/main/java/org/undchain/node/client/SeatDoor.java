package org.undchain.node.client;

import java.time.Duration;
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
 * the shard comes. What it has taken is paid whenever half of its credit is used up.
 */
final class SeatDoor implements ShardDoor {
  /** Slots after this client's that a partner has its own proof of START. */
  private static final int NEWS_SLOTS = 2;

  /** So that the partner has the other half of its credit while the receipt is on its way. */
  private static final long PAY_UNITS = SeatBroker.CREDIT_UNITS / 2;

  private final NodeId partner;
  private final SeatBroker broker;
  private final Patience patience;
  private final AtomicLong paidUnits = new AtomicLong();
  private @Nullable GrpcShardDoor door; // guarded by this
  private volatile @Nullable OpenSeat seat;

  /** A seat that has started. */
  record OpenSeat(Hash contractId, int seatNo) {}

  SeatDoor(NodeId partner, SeatBroker broker, Patience patience) {
    this.partner = partner;
    this.broker = broker;
    this.patience = patience;
  }

  @Override
  public NodeId partner() {
    return partner;
  }

  /** The seat, once it has started. */
  Optional<OpenSeat> seat() {
    return Optional.ofNullable(seat);
  }

  /** The shard of a seat is the one with its number, which is on disk before anything is sent. */
  @Override
  public int shard() {
    return seat().orElseThrow(() -> new IllegalStateException("no seat has started")).seatNo();
  }

  /** Waits until the seat has started. */
  synchronized GrpcShardDoor start() throws StorageException, InterruptedException {
    GrpcShardDoor open = door;
    if (open == null) {
      OpenSeat started = broker.seat(partner);
      open =
          new GrpcShardDoor(
              partner,
              started.seatNo(),
              started.contractId(),
              () -> broker.node().channel(partner, patience.limit()),
              patience,
              Duration.ofMillis(NEWS_SLOTS * broker.node().chain().rules().slotMillis()),
              taken -> payUnits(started.contractId(), taken / StoreWish.UNIT_BYTES));
      seat = started;
      door = open;
    }
    return open;
  }

  @Override
  public ShardSink open(long size) throws StorageException, InterruptedException {
    return start().open(size);
  }

  @Override
  public ShardSink open(long size, Hash root) throws StorageException, InterruptedException {
    return start().open(size, root);
  }

  /** The partner failed, or the job: it gets what was signed. */
  void leave() {
    seat().ifPresent(open -> broker.node().command(new ClientCommand.LeaveSeat(open.contractId())));
  }

  void signOfLife() {
    seat()
        .ifPresent(open -> broker.node().command(new ClientCommand.SignOfLife(open.contractId())));
  }

  /**
   * Each receipt is signed, forced to disk and checked: one a MiB would cost as much as the TLS.
   */
  private void payUnits(Hash id, long units) {
    long due = units - PAY_UNITS;
    long before = paidUnits.getAndUpdate(paid -> paid <= due ? units : paid);
    if (before <= due) {
      broker.node().command(new ClientCommand.Pay(id, units, Bytes.EMPTY));
    }
  }
}
