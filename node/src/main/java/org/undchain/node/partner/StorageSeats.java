package org.undchain.node.partner;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.undchain.core.message.Contract;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.partner.SeatNotes.Brought;
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

  /** Shards get their names side by side, but not while one that nobody pays for goes. */
  private final ReadWriteLock naming = new ReentrantReadWriteLock();

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

  /** The shard that {@code put} brings is whole; how many bytes it has. */
  long commit(StorageSeat seat, ShardPut put, Hash root) throws StorageException {
    naming.readLock().lock();
    try {
      return seat.commit(put, root);
    } finally {
      naming.readLock().unlock();
    }
  }

  /**
   * A seat is over.
   *
   * @param isPaid whether what it brought stays; else what somebody else brought, too, stays
   */
  void ended(Hash contractId, boolean isPaid) throws StorageException {
    StorageSeat seat;
    synchronized (this) {
      seat = seats.remove(contractId);
    }
    if (seat == null) {
      return;
    }
    Map<Hash, Brought> brought = seat.end();
    naming.writeLock().lock();
    try {
      for (Map.Entry<Hash, Brought> shard : brought.entrySet()) {
        if (isPaid) {
          free(shard.getKey());
        } else if (!shard.getValue().isAgain()) {
          giveUp(shard.getKey());
        }
      }
    } finally {
      naming.writeLock().unlock();
    }
    seat.forget();
  }

  /** It is paid for: whoever else brought it may not pay, and it stays. */
  private void free(Hash root) throws StorageException {
    for (StorageSeat other : running()) {
      other.takeOver(root, true);
    }
  }

  /** Goes, unless somebody else brought it, who answers for it from now on. */
  private void giveUp(Hash root) throws StorageException {
    for (StorageSeat other : running()) {
      if (other.takeOver(root, false)) {
        return;
      }
    }
    store.drop(root);
  }

  private synchronized List<StorageSeat> running() {
    return List.copyOf(seats.values());
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
    long coming = running().stream().mapToLong(StorageSeat::comingBytes).sum();
    return (store.roomBytes() + coming) / StorageSeat.UNIT_BYTES;
  }
}
