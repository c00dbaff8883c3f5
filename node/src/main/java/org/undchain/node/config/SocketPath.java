package org.undchain.node.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Bytes;

/**
 * Where a UNIX socket is made. The system takes paths of about a hundred bytes only; a socket whose
 * wanted place is deeper gets a short path that follows from the wanted one, so that whoever knows
 * the one knows the other.
 */
public final class SocketPath {
  /** {@code sun_path} holds 108 bytes on Linux and 104 elsewhere, with a zero at the end. */
  private static final int BYTES_MAX = 100;

  private static final int HASH_CHARS = 16;

  private SocketPath() {}

  public static Path fitting(Path wanted) {
    String absolute = wanted.toAbsolutePath().normalize().toString();
    byte[] bytes = absolute.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= BYTES_MAX) {
      return wanted;
    }
    // A folder for each: whoever binds makes other names beside the socket for a moment.
    String folder = Hashes.sha256(Bytes.wrap(bytes)).hex().substring(0, HASH_CHARS);
    return runtimeFolder().resolve(folder).resolve("api.sock");
  }

  /** Per user; whoever binds a socket in it makes it, for the owner alone. */
  private static Path runtimeFolder() {
    return Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR"))
        .filter(folder -> folder.startsWith("/") && folder.length() < BYTES_MAX - 40)
        .map(folder -> Path.of(folder, "undchain"))
        .orElseGet(() -> Path.of("/tmp", "undchain-" + System.getProperty("user.name")));
  }
}
