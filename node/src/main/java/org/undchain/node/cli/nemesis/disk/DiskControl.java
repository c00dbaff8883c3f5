package org.undchain.node.cli.nemesis.disk;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;

/**
 * The numbers that a faulty disk of a running process is armed with and counts in: a file that both
 * have in their memory. Layout: {@code faulty-disk.c}.
 */
public final class DiskControl {
  private static final int SLOTS = 24;
  private static final int CALLS = 0;
  private static final int EFFECT = 1;
  private static final int AT = 2;
  private static final int COUNT = 3;
  private static final int ERROR = 4;
  private static final int MILLIS = 5;
  private static final int SEEN = 6;
  private static final int HAPPENED = 7;
  private static final int TOTALS = 8;

  private final MappedByteBuffer numbers;

  private DiskControl(MappedByteBuffer numbers) {
    this.numbers = numbers;
  }

  /** Makes or opens the file. */
  public static DiskControl open(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer numbers =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOTS * Long.BYTES);
      numbers.order(ByteOrder.nativeOrder());
      return new DiskControl(numbers);
    }
  }

  /** From now on calls are counted anew and hit as the fault says. */
  public void arm(DiskFault fault) {
    disarm();
    set(SEEN, 0);
    set(HAPPENED, 0);
    set(EFFECT, fault.effect().ordinal());
    set(COUNT, fault.count());
    set(ERROR, fault.error());
    set(MILLIS, fault.millis());
    set(AT, fault.at());
    set(CALLS, fault.calls().stream().mapToLong(DiskCall::bit).sum());
  }

  /** The disk is as good as new; the counts stay. */
  public void disarm() {
    set(CALLS, 0);
    set(AT, 0);
  }

  /** How many calls of the armed kinds there were. */
  public long seen() {
    return get(SEEN);
  }

  /** How many calls were hit. */
  public long happened() {
    return get(HAPPENED);
  }

  /** How many calls of each kind there were since the file was made. */
  public Map<DiskCall, Long> totals() {
    Map<DiskCall, Long> totals = new EnumMap<>(DiskCall.class);
    for (DiskCall call : DiskCall.values()) {
      totals.put(call, get(TOTALS + call.ordinal()));
    }
    return totals;
  }

  private long get(int slot) {
    return numbers.getLong(slot * Long.BYTES);
  }

  private void set(int slot, long value) {
    numbers.putLong(slot * Long.BYTES, value);
  }
}
