package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.client.Entries;

/**
 * The clients' own list of what was promised to them: an entry counts as acknowledged from the
 * moment its line is on the disk, whatever happens to anybody afterwards.
 */
final class PromiseLog implements AutoCloseable {
  private static final String FORM = "[0-9a-f]{64} [0-9]{1,18} [0-9]{1,18} [0-9a-f,]*";

  /** Not a channel: that would be closed by the interrupt that ends a client. */
  private final RandomAccessFile file;

  private final Map<Hash, Long> slots = new LinkedHashMap<>();

  private PromiseLog(RandomAccessFile file) {
    this.file = file;
  }

  static PromiseLog create(Path file) throws IOException {
    Files.createFile(file);
    return new PromiseLog(new RandomAccessFile(file.toFile(), "rw"));
  }

  /** Writes a promise down; it counts when this returns. */
  synchronized void add(Entries.Promise promise) throws IOException {
    String stampers = String.join(",", promise.stampers().stream().map(NodeId::hex).toList());
    String line =
        promise.entryId().hex() + " " + promise.slot() + " " + promise.height() + " " + stampers;
    file.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    file.getFD().sync();
    slots.put(promise.entryId(), promise.slot());
  }

  /** Slot of each promised entry. */
  synchronized Map<Hash, Long> slots() {
    return new LinkedHashMap<>(slots);
  }

  /** The slots of a campaign that is over; empty if the file is not there. */
  static Map<Hash, Long> read(Path file) throws IOException {
    Map<Hash, Long> slots = new LinkedHashMap<>();
    try (Stream<String> lines = Files.lines(file, StandardCharsets.US_ASCII)) {
      lines
          .filter(line -> line.matches(FORM))
          .map(line -> line.split(" ", -1))
          .forEach(parts -> slots.put(Hash.ofHex(parts[0]), Long.parseLong(parts[1])));
    } catch (NoSuchFileException none) {
      return slots;
    }
    return slots;
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
