package org.undchain.node.runtime;

import java.util.List;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.BlockTime;
import org.undchain.node.store.StoreException;

/** Where a machine's records become durable (R0.5, I20). Called by one thread. */
@FunctionalInterface
public interface Durable {
  /** All records are durable when this returns; after an exception the node must stop. */
  void commit(List<LogRecord> records, BlockTime now) throws StoreException;
}
