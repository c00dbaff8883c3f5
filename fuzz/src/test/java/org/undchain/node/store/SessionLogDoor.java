package org.undchain.node.store;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.undchain.core.message.LogRecord;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Scratch;
import org.undchain.fuzz.Town;

/**
 * The session log of a client or partner, torn or damaged: it opens with what is whole or refuses,
 * and what it gave it gives again.
 *
 * <p>Bytes: a file; if the first byte is odd the check sums of its records are mended.
 */
public final class SessionLogDoor implements Door {
  private static final int HEAD = 8;

  private final Scratch scratch = new Scratch();

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    if (bytes.length == 0) {
      return false;
    }
    byte[] content = Parts.rest(bytes, 1);
    if ((bytes[0] & 1) == 1) {
      mend(content);
    }
    Path folder = scratch.with("sessions", content).resolveSibling("");
    List<LogRecord> first;
    try (SessionLog log = SessionLog.open(folder)) {
      first = log.recovered();
    } catch (StoreException refused) {
      return false;
    }
    try (SessionLog log = SessionLog.open(folder)) {
      Door.require(log.recovered().equals(first), "the log forgets when it is opened again");
    }
    return !first.isEmpty();
  }

  private static void mend(byte[] content) {
    ByteBuffer in = ByteBuffer.wrap(content);
    while (in.remaining() >= HEAD) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining() - Integer.BYTES) {
        return;
      }
      CRC32C crc = new CRC32C();
      crc.update(content, in.position() + Integer.BYTES, length);
      in.putInt((int) crc.getValue());
      in.position(in.position() + length);
    }
  }

  @Override
  public List<byte[]> honest() throws Exception {
    Town town = Town.ofForgeable();
    List<byte[]> honest = new ArrayList<>();
    for (String who : new String[] {"ann", "paul"}) {
      Path folder = scratch.emptied();
      try (SessionLog log = SessionLog.open(folder)) {
        log.commit(town.log(town.story().id(who)));
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(1);
      out.writeBytes(Files.readAllBytes(folder.resolve("sessions")));
      honest.add(out.toByteArray());
    }
    return honest;
  }
}
