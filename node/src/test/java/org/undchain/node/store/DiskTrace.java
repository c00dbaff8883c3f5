package org.undchain.node.store;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.undchain.node.cli.nemesis.disk.DiskCall;

/** What a process changed on its disk and what it said, in order, as the library noted it. */
final class DiskTrace {
  private static final int TOLD = 100;
  private static final int NUMBERS = 6;

  private DiskTrace() {}

  /** One thing that happened. */
  sealed interface Event {
    /**
     * A call that changed something.
     *
     * @param number offset of a write, length of a truncation, 1 for the sync of a folder
     * @param other the second of two names
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes of a trace, never compared
    record Changed(DiskCall call, long inode, long number, String path, String other, byte[] bytes)
        implements Event {}

    /** A line on standard output. */
    record Told(String line) implements Event {}
  }

  static List<Event> read(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (true) {
        byte[] head = in.readNBytes(NUMBERS * Long.BYTES);
        if (head.length < NUMBERS * Long.BYTES) {
          return events;
        }
        ByteBuffer numbers = ByteBuffer.wrap(head).order(ByteOrder.nativeOrder());
        int kind = (int) numbers.getLong();
        long inode = numbers.getLong();
        long number = numbers.getLong();
        String path = text(in, numbers.getLong());
        String other = text(in, numbers.getLong());
        byte[] bytes = in.readNBytes((int) numbers.getLong());
        events.add(
            kind == TOLD
                ? new Event.Told(new String(bytes, StandardCharsets.UTF_8).strip())
                : new Event.Changed(DiskCall.values()[kind], inode, number, path, other, bytes));
      }
    }
  }

  private static String text(DataInputStream in, long length) throws IOException {
    return new String(in.readNBytes((int) length), StandardCharsets.UTF_8);
  }
}
