package org.undchain.node.client;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.Bytes;
import org.undchain.node.store.OwnerOnly;

/**
 * The folder of one unfinished job: what has to be known to go on with it after the process was
 * stopped. The agent's session log lies in the same folder.
 */
public final class JobFolder {
  private static final String FILE = "job";
  private static final int FILE_MAX = 64 << 10;

  private final Path folder;

  public JobFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * A job that has begun.
   *
   * @param request the REQUEST entry as it was signed
   * @param key seals the object's segments
   * @param units of each seat at most
   * @param objectId once every shard is with its partner
   */
  public record Job(
      Envelope request, Bytes key, int needed, int total, long units, Optional<String> objectId) {
    Job stored(String id) {
      return new Job(request, key, needed, total, units, Optional.of(id));
    }
  }

  public Path path() {
    return folder;
  }

  /** The job that was begun here; empty if none was. */
  public Optional<Job> read() throws IOException {
    Properties lines = new Properties();
    try (InputStream in = Files.newInputStream(folder.resolve(FILE))) {
      lines.load(
          new java.io.StringReader(new String(in.readNBytes(FILE_MAX), StandardCharsets.US_ASCII)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Job(
              Envelope.parseFrom(Bytes.ofHex(text(lines, "request")).unsafeArray()),
              Bytes.ofHex(text(lines, "key")),
              Integer.parseInt(text(lines, "needed")),
              Integer.parseInt(text(lines, "total")),
              Long.parseLong(text(lines, "units")),
              Optional.ofNullable(lines.getProperty("object"))));
    } catch (IllegalArgumentException | InvalidProtocolBufferException damaged) {
      throw new IOException("the job in " + folder + " is damaged: delete the folder", damaged);
    }
  }

  private static String text(Properties lines, String name) {
    return Optional.ofNullable(lines.getProperty(name))
        .orElseThrow(() -> new IllegalArgumentException("no " + name));
  }

  /** Durable when this returns. */
  void write(Job job) throws IOException {
    String text =
        "request="
            + Bytes.of(job.request().toByteString()).hex()
            + "\nkey="
            + job.key().hex()
            + "\nneeded="
            + job.needed()
            + "\ntotal="
            + job.total()
            + "\nunits="
            + job.units()
            + job.objectId().map(id -> "\nobject=" + id.replace(":", "\\:")).orElse("")
            + "\n";
    OwnerOnly.folder(folder);
    Path fresh = folder.resolve(FILE + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel out = OwnerOnly.create(fresh)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(
        fresh,
        folder.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    OwnerOnly.sync(folder);
  }

  /** The job is over: nothing of it is needed any more. */
  public void delete() throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(folder);
    }
  }
}
