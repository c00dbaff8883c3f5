package org.undchain.node.store;

import java.nio.file.Path;
import java.util.List;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.BlockTime;

/**
 * Log and signing guard of one node, written as one group: guard first, then the database, then the
 * effects may leave (R0.5, I20). After a failure nothing is written any more; the node stops, and
 * after its restart trusts only what it reads back.
 */
public final class Journal implements AutoCloseable {
  private static final String GUARD_FILE = "signing-guard";
  private static final String STORE_FOLDER = "store";

  private final NodeStore store;
  private final SigningGuard guard;
  private boolean isBroken;

  private Journal(NodeStore store, SigningGuard guard) {
    this.store = store;
    this.guard = guard;
  }

  /**
   * Prepares an empty data folder for a node whose key never signed (R4.41). Without this a node
   * counts as one that forgot. A folder that was prepared before is left as it is.
   */
  public static void initialise(Path data, StoreOwner owner) throws StoreException {
    if (!storeOf(data).toFile().exists()) {
      SigningGuard.initialise(guardOf(data), owner);
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
    RocksStore store = RocksStore.open(storeOf(data), owner);
    try {
      SigningGuard guard = SigningGuard.open(guardOf(data), owner, store.guardSequence());
      if (guard.sequence() != store.guardSequence()) {
        store.commit(List.of(), guard.sequence(), store.lastSeen().orElse(new BlockTime(0)));
      }
      return new Journal(store, guard);
    } catch (StoreException refused) {
      store.close();
      throw refused;
    }
  }

  /** All records are durable when this returns. */
  public void commit(List<LogRecord> records, BlockTime now) throws StoreException {
    if (isBroken) {
      throw new StoreException(
          StoreException.Why.INPUT_OUTPUT, "the disk failed before: start the node again");
    }
    try {
      guard.append(records);
      store.commit(records, guard.sequence(), now);
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
