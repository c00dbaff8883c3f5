package org.undchain.node.partner;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.undchain.core.value.Hash;
import org.undchain.node.store.OwnerOnly;
import org.undchain.utilities.storage.ObjectLayout;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/**
 * Which shards a running seat has brought, on disk, so that after a restart nobody gets room for
 * the same payment twice. One small file for each seat, replaced as a whole.
 */
final class SeatNotes {
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) ([0-9]{1,18})( again)?");
  private static final int FILE_MAX = 16 << 10;

  private final Path folder;

  SeatNotes(Path folder) throws StorageException {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new StorageException(StorageReason.DISK, "cannot make " + folder, failure);
    }
  }

  /**
   * A shard that a seat has brought.
   *
   * @param isAgain somebody else had brought it before, and answers for it
   */
  record Brought(long bytes, boolean isAgain) {}

  /** What a seat has brought, by root; nothing for one that is new. */
  Map<Hash, Brought> read(Hash contractId) throws StorageException {
    Map<Hash, Brought> shards = new TreeMap<>();
    try (InputStream in = Files.newInputStream(file(contractId))) {
      String text = new String(in.readNBytes(FILE_MAX), StandardCharsets.US_ASCII);
      for (String line : text.lines().toList()) {
        Matcher matcher = LINE.matcher(line);
        long size = matcher.matches() ? Long.parseLong(matcher.group(2)) : 0;
        if (size < 1 || size > ObjectLayout.SHARD_MAX || shards.size() == StorageSeat.SHARDS_MAX) {
          throw new StorageException(StorageReason.DISK, "damaged: " + file(contractId));
        }
        boolean isAgain = matcher.group(3) != null;
        shards.put(Hash.ofHex(matcher.group(1)), new Brought(size, isAgain));
      }
      return shards;
    } catch (NoSuchFileException none) {
      return shards;
    } catch (IOException failure) {
      throw new StorageException(StorageReason.DISK, "cannot read a seat's notes", failure);
    }
  }

  void write(Hash contractId, Map<Hash, Brought> shards) throws StorageException {
    StringBuilder text = new StringBuilder();
    shards.forEach((root, shard) ->
        text.append(root.hex())
            .append(' ')
            .append(shard.bytes())
            .append(shard.isAgain() ? " again\n" : "\n"));
    Path file = file(contractId);
    Path fresh = folder.resolve(contractId.hex() + ".new");
    try {
      try (FileChannel out =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      OwnerOnly.sync(folder);
    } catch (IOException failure) {
      throw new StorageException(StorageReason.DISK, "cannot write a seat's notes", failure);
    }
  }

  void forget(Hash contractId) throws StorageException {
    try {
      Files.deleteIfExists(file(contractId));
    } catch (IOException failure) {
      throw new StorageException(StorageReason.DISK, "cannot delete a seat's notes", failure);
    }
  }

  private Path file(Hash contractId) {
    return folder.resolve(contractId.hex());
  }
}
