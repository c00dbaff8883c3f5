package org.undchain.node.store;

import com.google.protobuf.ByteString;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.zip.CRC32C;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.Hash;

/**
 * The append-only log of a client or partner: the newest record of each session survives every
 * crash.
 *
 * <p>A record is length:u32 ‖ CRC-32C:u32 ‖ canonical bytes; groups are forced to disk before
 * anything is sent. A crash can only tear the end, which no one has relied on: it is cut off when
 * the log is opened. At the same time the log is written anew with the newest record of each of the
 * last {@link #SESSIONS_MAX} sessions.
 */
public final class SessionLog implements AutoCloseable {
  /** Sessions that are remembered over a restart. */
  static final int SESSIONS_MAX = 4096;

  /** Longest record. */
  static final int RECORD_MAX = 64 << 10;

  private static final int HEAD_BYTES = 8;
  private static final String LOG = "sessions";
  private static final String LOCK = "sessions.lock";

  private final FileChannel lock;
  private final FileChannel log;
  private final List<LogRecord> recovered;
  private boolean isBroken;

  private SessionLog(FileChannel lock, FileChannel log, List<LogRecord> recovered) {
    this.lock = lock;
    this.log = log;
    this.recovered = List.copyOf(recovered);
  }

  /**
   * Opens or makes the log in a folder that only its owner may read: it holds session keys.
   *
   * @throws StoreException if another process has it open, the disk fails or the log is damaged
   */
  public static SessionLog open(Path folder) throws StoreException {
    try {
      OwnerOnly.folder(folder);
      OwnerOnly.syncName(folder); // or a power cut takes all of it
      FileChannel lock = locked(folder.resolve(LOCK));
      try {
        Path file = folder.resolve(LOG);
        List<LogRecord> newest = newest(file, read(file));
        return new SessionLog(lock, rewrite(folder, newest), newest);
      } catch (IOException failure) {
        lock.close();
        throw failure;
      }
    } catch (StoreException known) {
      throw known;
    } catch (IOException failure) {
      throw StoreException.of("the session log in " + folder + " cannot be used", failure);
    }
  }

  /** What was there when it was opened: the newest record of each session, oldest session first. */
  public List<LogRecord> recovered() {
    return recovered;
  }

  /**
   * All records are durable when this returns. After a failure nothing is written any more: the end
   * of the log may be torn, and what stood behind that would not be read.
   */
  public void commit(List<LogRecord> records) throws StoreException {
    if (isBroken) {
      throw new StoreException(
          StoreException.Why.INPUT_OUTPUT,
          "the session log failed before" + StoreException.CHECK_DISK);
    }
    try {
      append(log, records);
    } catch (IOException failure) {
      isBroken = true;
      throw StoreException.of("a session record could not be written", failure);
    }
  }

  @Override
  public void close() {
    try (lock;
        log) {
      log.force(true);
    } catch (IOException failure) {
      // every record was forced when it was written: nothing is lost
    }
  }

  private static List<LogRecord> newest(Path file, List<LogRecord> records) throws StoreException {
    SequencedMap<Hash, LogRecord> bySession = new LinkedHashMap<>();
    for (LogRecord record : records) {
      if (record.hasSession()) {
        ByteString id = record.getSession().getContractId();
        if (id.size() != Hash.SIZE) {
          throw new StoreException(
              StoreException.Why.DAMAGED,
              file
                  + " holds a session without a contract: check the disk; with the file moved away"
                  + " the node starts without the sessions that were open");
        }
        bySession.put(Hash.of(id), record);
      }
    }
    while (bySession.size() > SESSIONS_MAX) {
      bySession.pollFirstEntry();
    }
    return new ArrayList<>(bySession.values());
  }

  private static List<LogRecord> read(Path file) throws IOException {
    List<LogRecord> records = new ArrayList<>();
    if (!Presence.of(file)) {
      return records;
    }
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      while (true) {
        ByteBuffer head = filled(in, HEAD_BYTES).flip();
        int length = head.getInt();
        int sum = head.getInt();
        if (length < 0 || length > RECORD_MAX) {
          return records; // torn
        }
        byte[] body = filled(in, length).array();
        if (sum != checksum(body)) {
          return records; // torn
        }
        records.add(LogRecord.parseFrom(body));
      }
    } catch (EOFException end) {
      return records;
    }
  }

  private static ByteBuffer filled(FileChannel in, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (in.read(bytes) < 0) {
        throw new EOFException();
      }
    }
    return bytes;
  }

  /** Writes aside, forces, renames, and leaves the file open for appending. */
  private static FileChannel rewrite(Path folder, List<LogRecord> records) throws IOException {
    Path file = folder.resolve(LOG);
    Path fresh = folder.resolve(LOG + ".new");
    Files.deleteIfExists(fresh);
    FileChannel out = OwnerOnly.create(fresh);
    try {
      append(out, records);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      OwnerOnly.sync(folder);
      return out;
    } catch (IOException failure) {
      out.close();
      throw failure;
    }
  }

  private static void append(FileChannel out, List<LogRecord> records) throws IOException {
    for (LogRecord record : records) {
      byte[] body = record.toByteArray();
      if (body.length > RECORD_MAX) {
        throw new IOException("a record of " + body.length + " bytes");
      }
      ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + body.length);
      bytes.putInt(body.length).putInt(checksum(body)).put(body).flip();
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
    out.force(true);
  }

  private static int checksum(byte[] body) {
    CRC32C sum = new CRC32C();
    sum.update(body);
    return (int) sum.getValue();
  }

  private static FileChannel locked(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException inThisProcess) {
      // told below
    }
    channel.close();
    throw new StoreException(
        StoreException.Why.IN_USE, file + " is locked: another process works with this folder");
  }
}
