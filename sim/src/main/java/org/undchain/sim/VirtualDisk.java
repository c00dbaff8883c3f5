package org.undchain.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.message.LogRecord;

/**
 * The log of one node: what is durable, and behind it what was written but would be lost by a
 * crash. Waiting records become durable as one group.
 */
public final class VirtualDisk {
  private final List<LogRecord> records = new ArrayList<>();
  private int durable;
  private int syncing;

  /** Number of the record, from 1: durable once {@link #durableCount} reaches it. */
  int append(LogRecord record) {
    records.add(record);
    return records.size();
  }

  /** Whether a sync has to be started now: none is under way and something waits. */
  boolean isSyncDue() {
    return syncing == 0 && durable < records.size();
  }

  void beginSync() {
    syncing = records.size();
  }

  /** The group that just became durable. */
  List<LogRecord> endSync() {
    List<LogRecord> group = List.copyOf(records.subList(durable, syncing));
    durable = syncing;
    syncing = 0;
    return group;
  }

  int durableCount() {
    return durable;
  }

  /** All records in order, those that still wait included: what the node itself reads back. */
  public List<LogRecord> records() {
    return records;
  }

  /** The records that no crash can take. */
  public List<LogRecord> durable() {
    return records.subList(0, durable);
  }

  /** Keeps the durable records and the first {@code lucky} of those that waited; returns these. */
  List<LogRecord> crash(int lucky) {
    int kept = Math.min(records.size(), durable + lucky);
    records.subList(kept, records.size()).clear();
    List<LogRecord> saved = List.copyOf(records.subList(durable, kept));
    durable = kept;
    syncing = 0;
    return saved;
  }

  int waitingCount() {
    return records.size() - durable;
  }

  void truncate(int kept) {
    records.subList(Math.min(kept, records.size()), records.size()).clear();
    durable = records.size();
    syncing = 0;
  }

  void erase() {
    records.clear();
    durable = 0;
    syncing = 0;
  }

  /**
   * What a restarted node reads, as the real store gives it: from the checkpoint before the newest
   * one on, decoded from bytes, nothing shared with the past.
   */
  List<LogRecord> recover() {
    List<LogRecord> read = new ArrayList<>();
    for (LogRecord record : records.subList(checkpointBefore(), records.size())) {
      try {
        read.add(LogRecord.parseFrom(record.toByteArray()));
      } catch (InvalidProtocolBufferException impossible) {
        throw new IllegalStateException("a record does not come back", impossible);
      }
    }
    return List.copyOf(read);
  }

  private int checkpointBefore() {
    int found = 0;
    for (int i = records.size() - 1; i >= 0; i--) {
      LogRecord record = records.get(i);
      if (record.hasCheckpoint() && record.getCheckpoint().getPart() == 0 && ++found == 2) {
        return i;
      }
    }
    return 0;
  }
}
