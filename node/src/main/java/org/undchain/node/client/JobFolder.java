package org.undchain.node.client;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.store.OwnerOnly;

/**
 * The folder of one unfinished job: what has to be known to go on with it after the process was
 * stopped. The agent's session log lies in the same folder.
 */
public final class JobFolder {
  private static final Pattern OBJECT_ID =
      Pattern.compile("[!-\\[\\]-~]+"); // printable, no backslash
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
   * @param block with the request, once it is proven
   * @param upload once every shard is with its partner
   */
  public record Job(
      Envelope request,
      Bytes key,
      int needed,
      int total,
      long units,
      Optional<Entries.InBlock> block,
      Optional<Upload> upload) {
    Job committed(Entries.InBlock in) {
      return new Job(request, key, needed, total, units, Optional.of(in), upload);
    }

    Job uploaded(Upload done) {
      return new Job(request, key, needed, total, units, block, Optional.of(done));
    }
  }

  /**
   * What is left to do is to pay and to close.
   *
   * @param units that each holder is paid
   * @param holders who has a shard under which root
   */
  public record Upload(String objectId, long units, SortedMap<NodeId, Hash> holders) {}

  public Path path() {
    return folder;
  }

  /** The job that was begun here; empty if none was. */
  public Optional<Job> read() throws IOException {
    String text;
    try (InputStream in = Files.newInputStream(folder.resolve(FILE))) {
      text = new String(in.readNBytes(FILE_MAX), StandardCharsets.US_ASCII);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    try {
      Properties lines = new Properties();
      lines.load(new StringReader(text));
      return Optional.of(
          new Job(
              Envelope.parseFrom(Bytes.ofHex(text(lines, "request")).unsafeArray()),
              Bytes.ofHex(text(lines, "key")),
              Integer.parseInt(text(lines, "needed")),
              Integer.parseInt(text(lines, "total")),
              Long.parseLong(text(lines, "units")),
              Optional.ofNullable(lines.getProperty("height"))
                  .map(height ->
                      new Entries.InBlock(
                          Long.parseLong(height), Long.parseLong(text(lines, "slot")))),
              Optional.ofNullable(lines.getProperty("object"))
                  .map(id ->
                      new Upload(
                          objectId(id),
                          Long.parseLong(text(lines, "paid")),
                          holders(text(lines, "holders"))))));
    } catch (IllegalArgumentException | InvalidProtocolBufferException damaged) {
      throw new IOException("the job in " + folder + " is damaged: delete the folder", damaged);
    }
  }

  private static String text(Properties lines, String name) {
    return Optional.ofNullable(lines.getProperty(name))
        .orElseThrow(() -> new IllegalArgumentException("no " + name));
  }

  /** What no object id has would not come back as it was read. */
  private static String objectId(String text) {
    if (!OBJECT_ID.matcher(text).matches()) {
      throw new IllegalArgumentException("no object id: " + text);
    }
    return text;
  }

  private static SortedMap<NodeId, Hash> holders(String text) {
    SortedMap<NodeId, Hash> holders = new TreeMap<>();
    for (String holder : text.split(" ", -1)) {
      int slash = holder.indexOf('/');
      holders.put(
          new NodeId(Bytes.ofHex(holder.substring(0, Math.max(0, slash)))),
          Hash.ofHex(holder.substring(slash + 1)));
    }
    return holders;
  }

  private static String lines(Upload upload) {
    return "\nobject="
        + upload.objectId()
        + "\npaid="
        + upload.units()
        + "\nholders="
        + upload.holders().entrySet().stream()
            .map(holder -> holder.getKey().bytes().hex() + "/" + holder.getValue().hex())
            .collect(Collectors.joining(" "));
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
            + job.block()
                .map(block -> "\nheight=" + block.height() + "\nslot=" + block.slot())
                .orElse("")
            + job.upload().map(JobFolder::lines).orElse("")
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
