package org.undchain.node.partner;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.message.Contract;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.utilities.storage.ShardStore;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/** The running storage seats of a partner, as its agent tells of them. */
final class StorageSeats {
  /** Seats that run at a time; the agent's own limits come first. */
  static final int SEATS_MAX = 4096;

  private final ShardStore store;
  private final SeatNotes notes;
  private final Map<Hash, StorageSeat> seats = new TreeMap<>(); // guarded by this

  StorageSeats(ShardStore store, SeatNotes notes) {
    this.store = store;
    this.notes = notes;
  }

  /** A seat has started; told again after a restart. */
  synchronized void opened(Hash contractId, Contract contract) throws StorageException {
    if (seats.containsKey(contractId)) {
      return;
    }
    if (seats.size() == SEATS_MAX) {
      throw new StorageException(StorageReason.QUOTA, SEATS_MAX + " seats are running");
    }
    seats.put(contractId, new StorageSeat(contractId, contract, notes));
  }

  /** Credit of a seat has grown. */
  void credited(Hash contractId, long allowedUnits) {
    StorageSeat seat;
    synchronized (this) {
      seat = seats.get(contractId);
    }
    if (seat != null) {
      seat.allow(allowedUnits);
    }
  }

  /**
   * A seat is over.
   *
   * @param isPaid whether what it brought stays
   */
  void ended(Hash contractId, boolean isPaid) throws StorageException {
    StorageSeat seat;
    synchronized (this) {
      seat = seats.remove(contractId);
    }
    if (seat != null) {
      seat.end(store, isPaid);
    }
  }

  /** The running seat of this contract, if {@code caller} is its client. */
  synchronized StorageSeat find(Hash contractId, NodeId caller) throws StorageException {
    StorageSeat seat = seats.get(contractId);
    if (seat == null) {
      throw new StorageException(StorageReason.NO_CONTRACT, "no running seat " + contractId);
    }
    if (!seat.client().equals(caller)) {
      throw new StorageException(StorageReason.REFUSED, "the seat is another client's");
    }
    return seat;
  }

  synchronized int count() {
    return seats.size();
  }

  /** Units free for work: what is reserved but not here yet still counts as free. */
  long freeUnits() throws StorageException {
    List<StorageSeat> running;
    synchronized (this) {
      running = List.copyOf(seats.values());
    }
    long coming = running.stream().mapToLong(StorageSeat::comingBytes).sum();
    return (store.roomBytes() + coming) / StorageSeat.UNIT_BYTES;
  }
}
