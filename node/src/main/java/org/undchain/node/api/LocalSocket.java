package org.undchain.node.api;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.undchain.node.api.ApiException.Why;

/**
 * Opens a listening UNIX socket that nobody but its owner can reach at any moment: it is made in a
 * folder of its own with mode 0700, gets mode 0600 there and then moves to its place.
 */
final class LocalSocket {
  /** What {@code sun_path} holds on every system that Java runs on, its closing zero left out. */
  static final int PATH_BYTES_MAX = 103;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private LocalSocket() {}

  static ServerSocketChannel open(Path socket) throws ApiException {
    Path place = socket.toAbsolutePath();
    Path nursery = place.resolveSibling("." + place.getFileName());
    Path cradle = nursery.resolve("s");
    checkLength(place);
    checkLength(cradle);
    checkFree(place);
    try {
      Files.createDirectories(place.resolveSibling("."));
      removeNursery(nursery, cradle);
      Files.createDirectory(
          nursery,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        door.bind(UnixDomainSocketAddress.of(cradle));
        Files.setPosixFilePermissions(cradle, PosixFilePermissions.fromString("rw-------"));
        Files.move(cradle, place, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException failure) {
        door.close();
        throw failure;
      } finally {
        removeNursery(nursery, cradle);
      }
      return door;
    } catch (IOException failure) {
      throw new ApiException(
          Why.INPUT_OUTPUT,
          "the API's socket could not be made at "
              + place
              + ": "
              + failure
              + ": check that the folder can be written");
    }
  }

  static void close(ServerSocketChannel door, Path socket) {
    try {
      boolean wasOpen = door.isOpen();
      door.close();
      if (wasOpen) {
        Files.deleteIfExists(socket);
      }
    } catch (IOException left) {
      // a socket nobody answers on is replaced at the next start
    }
  }

  private static void checkLength(Path path) throws ApiException {
    int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > PATH_BYTES_MAX) {
      throw new ApiException(
          Why.PATH_TOO_LONG,
          "the path of the API's socket has "
              + length
              + " bytes, the system takes "
              + PATH_BYTES_MAX
              + ": "
              + path
              + ": name a data folder with a shorter path");
    }
  }

  private static void checkFree(Path place) throws ApiException {
    if (!Files.exists(place)) {
      return;
    }
    try (SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(place))) {
      throw new ApiException(
          Why.IN_USE,
          "another node answers at "
              + place
              + ": stop it, or name another socket"
              + (other.isOpen() ? "" : " (it just closed)"));
    } catch (IOException nobody) {
      // left over from a node that is gone; the move replaces it
    }
  }

  private static void removeNursery(Path nursery, Path cradle) throws IOException {
    Files.deleteIfExists(cradle);
    Files.deleteIfExists(nursery);
  }
}
