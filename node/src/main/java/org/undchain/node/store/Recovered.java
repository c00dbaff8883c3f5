package org.undchain.node.store;

import java.util.List;
import java.util.Optional;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.Bytes;

/**
 * What is read back from the disk at a start: the newest snapshot, if one was ever made, and every
 * record since, in the order in which they were written (R4.40).
 */
public record Recovered(Optional<Bytes> snapshot, List<LogRecord> records) {
  public Recovered {
    records = List.copyOf(records);
  }
}
