package org.undchain.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.undchain.core.message.Block;
import org.undchain.core.message.LogRecord;

/**
 * The log of one node as bytes: what is durable, and behind it what was written but would be lost
 * by a crash. Waiting records become durable as one group.
 *
 * <p>Each record stands in a frame with a check sum over its bytes and its place, as the real store
 * has them (RocksDB: every log record and block). So a torn end is cut when the log is opened, and
 * anything else that is not what was written is found and refused ({@link #recover}).
 */
public final class VirtualDisk {
  private static final int SUM = Long.BYTES;

  private final List<byte[]> frames = new ArrayList<>();
  private final List<LogRecord> waiting = new ArrayList<>();
  private final List<Integer> checkpoints = new ArrayList<>();
  private int durable;
  private int syncing;

  /** Number of the record, from 1: durable once {@link #durableCount} reaches it. */
  int append(LogRecord record) {
    append(record, record.toByteArray());
    return frames.size();
  }

  /**
   * @param encoded the bytes of the record
   */
  void append(LogRecord record, byte[] encoded) {
    if (record.hasCheckpoint() && record.getCheckpoint().getPart() == 0) {
      checkpoints.add(frames.size());
    }
    frames.add(
        ByteBuffer.allocate(SUM + encoded.length)
            .putLong(sum(frames.size(), encoded, 0))
            .put(encoded)
            .array());
    waiting.add(record);
  }

  /** Whether a sync has to be started now: none is under way and something waits. */
  boolean isSyncDue() {
    return syncing == 0 && durable < frames.size();
  }

  void beginSync() {
    syncing = frames.size();
  }

  /** The group that just became durable. */
  List<LogRecord> endSync() {
    List<LogRecord> group = saved(syncing);
    syncing = 0;
    return group;
  }

  private List<LogRecord> saved(int end) {
    List<LogRecord> group = List.copyOf(waiting.subList(0, end - durable));
    waiting.subList(0, group.size()).clear();
    durable = end;
    return group;
  }

  int durableCount() {
    return durable;
  }

  /** Number of all records, those that still wait included. */
  public int size() {
    return frames.size();
  }

  /**
   * All records in order, those that still wait included: what the node itself reads back. Each is
   * decoded when it is asked for.
   */
  public List<LogRecord> records() {
    return new AbstractList<>() {
      @Override
      public LogRecord get(int index) {
        return decoded(frames.get(index));
      }

      @Override
      public int size() {
        return frames.size();
      }
    };
  }

  /** What a record is, without reading all of it: its only field stands first. */
  LogRecord.RecordCase caseOf(int index) {
    byte[] frame = frames.get(index);
    if (frame.length == SUM) {
      return LogRecord.RecordCase.RECORD_NOT_SET;
    }
    int tag = frame[SUM] & 0x7f;
    if (frame[SUM] < 0) {
      tag |= (frame[SUM + 1] & 0x7f) << 7;
    }
    return LogRecord.RecordCase.forNumber(tag >>> 3);
  }

  /** The records that no crash can take. */
  public List<LogRecord> durable() {
    return records().subList(0, durable);
  }

  /** The blocks among the records that no crash can take, in order. */
  public List<Block> durableBlocks() {
    List<LogRecord> all = records();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < durable; i++) {
      if (caseOf(i) == LogRecord.RecordCase.BLOCK) {
        blocks.add(all.get(i).getBlock());
      }
    }
    return blocks;
  }

  /** Keeps the durable records and the first {@code lucky} of those that waited; returns these. */
  List<LogRecord> crash(int lucky) {
    List<LogRecord> kept = saved(Math.min(frames.size(), durable + lucky));
    cut(durable);
    return kept;
  }

  /**
   * The power goes while the first waiting record is being written: so many thousandths of its
   * frame are on the disk. To be called in place of {@link #crash}.
   */
  void tear(long perMille) {
    List<byte[]> torn = List.copyOf(frames.subList(durable, Math.min(frames.size(), durable + 1)));
    cut(durable);
    for (byte[] frame : torn) {
      frames.add(Arrays.copyOf(frame, (int) (frame.length * perMille / 1_000)));
    }
  }

  int waitingCount() {
    return frames.size() - durable;
  }

  /** Only the first records are left, and count as durable. */
  void truncate(int kept) {
    cut(Math.min(kept, frames.size()));
    durable = frames.size();
  }

  void erase() {
    truncate(0);
  }

  private void cut(int kept) {
    frames.subList(kept, frames.size()).clear();
    checkpoints.removeIf(place -> place >= kept);
    waiting.clear();
    syncing = 0;
  }

  /** One bit of a record is another one from now on. */
  void flip(int record, Chance chance) {
    byte[] changed = frames.get(record).clone();
    changed[(int) chance.below(changed.length)] ^= (byte) (1 << chance.below(8));
    frames.set(record, changed);
  }

  /** What was written to one place went to another one, over what stood there. */
  void misdirect(int meant, int hit) {
    frames.set(hit, frames.get(meant));
  }

  /**
   * What a starting node reads, as the real store gives it: from the checkpoint before the newest
   * one on, decoded from bytes, nothing shared with the past. A last frame that is not whole never
   * let anything out and is cut.
   *
   * @return empty if a record is not what was written: the real store refuses to open ({@code
   *     DAMAGED})
   */
  Optional<List<LogRecord>> recover() {
    if (frames.size() > durable && !isWhole(frames.size() - 1)) {
      truncate(durable);
    }
    int from = checkpoints.size() < 2 ? 0 : checkpoints.get(checkpoints.size() - 2);
    List<LogRecord> read = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      if (!isWhole(i)) {
        return Optional.empty();
      }
      if (i >= from) {
        read.add(decoded(frames.get(i)));
      }
    }
    return Optional.of(List.copyOf(read));
  }

  private boolean isWhole(int place) {
    byte[] frame = frames.get(place);
    return frame.length >= SUM && ByteBuffer.wrap(frame).getLong() == sum(place, frame, SUM);
  }

  private static long sum(int place, byte[] data, int from) {
    return Chance.mixed(Chance.mix(place), data, from);
  }

  private static LogRecord decoded(byte[] frame) {
    try {
      return LogRecord.parser().parseFrom(frame, SUM, frame.length - SUM);
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException("a record does not come back", impossible);
    }
  }
}
