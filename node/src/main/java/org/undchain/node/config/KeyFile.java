package org.undchain.node.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.undchain.core.value.Bytes;

/**
 * A file that holds one Ed25519 seed: 64 hex digits and a line end, readable by its owner alone
 * (0600). A wider one is refused with the command that mends it, since others may have read it.
 */
public final class KeyFile {
  private static final int SEED_SIZE = 32;
  private static final int FILE_MAX = 2 * SEED_SIZE + 2;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private KeyFile() {}

  /** The seed in a file. */
  public static Bytes load(Path file) throws ConfigException {
    try {
      refuseIfOthersMayRead(file);
      byte[] content;
      try (InputStream in = Files.newInputStream(file)) {
        content = in.readNBytes(FILE_MAX + 1);
      }
      return seed(file, new String(content, StandardCharsets.US_ASCII).strip());
    } catch (NoSuchFileException absent) {
      throw new ConfigException(
          3101,
          "there is no key file " + file,
          "the key was asked for by this name",
          List.of("undchain keys list"));
    } catch (IOException unreadable) {
      throw new ConfigException(
          1302,
          "key file " + file + " cannot be read",
          reason(unreadable),
          List.of("ls -l " + file));
    }
  }

  /** Writes a new seed of the system's random source and returns it. */
  public static Bytes create(Path file) throws ConfigException {
    byte[] seed = new byte[SEED_SIZE];
    new SecureRandom().nextBytes(seed);
    Bytes made = Bytes.wrap(seed);
    write(file, made);
    return made;
  }

  /** Writes a given seed to a file that must not exist yet; it is on disk when this returns. */
  public static void write(Path file, Bytes seed) throws ConfigException {
    if (seed.size() != SEED_SIZE) {
      throw new IllegalArgumentException("a seed has 32 bytes, not " + seed.size());
    }
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Set<StandardOpenOption> fresh =
          EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (FileChannel channel = FileChannel.open(file, fresh, ownerOnly())) {
        ByteBuffer text = ByteBuffer.wrap((seed.hex() + "\n").getBytes(StandardCharsets.US_ASCII));
        while (text.hasRemaining()) {
          channel.write(text);
        }
        channel.force(true);
      }
    } catch (FileAlreadyExistsException taken) {
      throw new ConfigException(
          1303,
          "key file " + file + " exists",
          "a key that is written over is lost with all it owns",
          List.of("choose another name", "undchain keys list"));
    } catch (IOException unwritable) {
      throw new ConfigException(
          1302,
          "key file " + file + " cannot be written",
          reason(unwritable),
          List.of("choose another --home"));
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return isPosix()
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  private static void refuseIfOthersMayRead(Path file) throws IOException, ConfigException {
    if (!isPosix()) {
      return;
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(mode)) {
      throw new ConfigException(
          1301,
          "key file "
              + file
              + " has mode "
              + PosixFilePermissions.toString(mode)
              + ", not rw-------",
          "others on this machine may read or change the key",
          List.of(
              "chmod 600 " + file,
              "if somebody else could log in: undchain keys new NAME, and move the funds"));
    }
  }

  private static Bytes seed(Path file, String text) throws ConfigException {
    if (text.length() == 2 * SEED_SIZE) {
      try {
        return Bytes.wrap(HexFormat.of().parseHex(text));
      } catch (IllegalArgumentException notHex) {
        // told below
      }
    }
    throw new ConfigException(
        1304,
        file + " is no key file",
        "a key file holds 64 hex digits and nothing else",
        List.of("undchain keys list"));
  }

  private static String reason(IOException failure) {
    return failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }
}
