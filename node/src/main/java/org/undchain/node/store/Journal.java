package org.undchain.node.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.BlockTime;

/**
 * Log and signing guard of one node, written as one group: the database first, then the guard, then
 * the effects may leave (R0.5, I20). So a node that dies between the two has the whole group in its
 * log and finishes the guard from it; a guard that is ahead has signatures that nobody can tell of
 * any more (R4.41). After a failure nothing is written any more; the node stops, and after its
 * restart trusts only what it reads back.
 */
public final class Journal implements AutoCloseable {
  private static final String GUARD_FILE = "signing-guard";
  private static final String STORE_FOLDER = "store";

  private final NodeStore store;
  private final SigningGuard guard;
  private boolean isBroken;

  Journal(NodeStore store, SigningGuard guard) {
    this.store = store;
    this.guard = guard;
  }

  /**
   * Prepares an empty data folder for a node whose key never signed (R4.41). Without this a node
   * counts as one that forgot. A folder that was prepared before is left as it is.
   */
  public static void initialise(Path data, StoreOwner owner) throws StoreException {
    try {
      if (!Presence.of(storeOf(data))) {
        SigningGuard.initialise(guardOf(data), owner);
      }
    } catch (StoreException known) {
      throw known;
    } catch (IOException failure) {
      throw StoreException.of(data + " cannot be looked at", failure);
    }
  }

  /** Where the database of a node lies in its folder. */
  public static Path storeOf(Path data) {
    return data.resolve(STORE_FOLDER);
  }

  /** Where the signing guard of a node lies in its folder. */
  public static Path guardOf(Path data) {
    return data.resolve(GUARD_FILE);
  }

  public static Journal open(Path data, StoreOwner owner) throws StoreException {
    return open(data, owner, SigningGuard.FILE_BYTES_MAX);
  }

  static Journal open(Path data, StoreOwner owner, long guardBytesMax) throws StoreException {
    RocksStore store = RocksStore.open(storeOf(data), owner);
    try {
      SigningGuard guard =
          SigningGuard.open(
              guardOf(data),
              owner,
              store.guardSequence(),
              sequence -> newestGroup(store, sequence),
              guardBytesMax);
      if (guard.sequence() != store.guardSequence()) {
        store.commit(List.of(), guard.sequence(), store.lastSeen().orElse(new BlockTime(0)));
      }
      return new Journal(store, guard);
    } catch (StoreException refused) {
      store.close();
      throw refused;
    }
  }

  /**
   * What the newest group of the database signs and the guard has not; nothing if the guard lacks
   * more than that. A write that broke off leaves some of the group in the guard.
   */
  private static List<GuardRecord> newestGroup(NodeStore store, long sequence)
      throws StoreException {
    long count = store.guardSequence() - sequence;
    if (count < 1 || sequence < store.guardSequenceBefore()) {
      return List.of();
    }
    List<GuardRecord> signed = new ArrayList<>();
    Set<GuardRecord.Place> places = new HashSet<>(); // what is said again has no number of its own
    for (LogRecord record : store.recover().records()) {
      GuardRecord.of(record).filter(next -> places.add(next.place())).ifPresent(signed::add);
    }
    return signed.size() < count
        ? List.of()
        : List.copyOf(signed.subList(signed.size() - (int) count, signed.size()));
  }

  /** All records are durable when this returns. */
  public void commit(List<LogRecord> records, BlockTime now) throws StoreException {
    if (isBroken) {
      throw new StoreException(
          StoreException.Why.INPUT_OUTPUT, "the disk failed before: check it and start again");
    }
    try {
      guard.prepare(records);
      store.commit(records, guard.sequence(), now);
      guard.write();
    } catch (StoreException failure) {
      isBroken = true;
      throw failure;
    }
  }

  /** What the key's past is known of (R4.41). */
  public SigningGuard.Memory memory() {
    return guard.memory();
  }

  public NodeStore store() {
    return store;
  }

  @Override
  public void close() {
    guard.close();
    store.close();
  }
}
