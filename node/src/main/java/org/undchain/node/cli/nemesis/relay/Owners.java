package org.undchain.node.cli.nemesis.relay;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which process holds the other end of a connection within this machine, as Linux tells in {@code
 * /proc}. So the processes under test need not say who they are, and are what is shipped.
 */
final class Owners {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final int INODE_COLUMN = 9;
  private static final int LOCAL_COLUMN = 1;
  private static final int PEER_COLUMN = 2;

  private Owners() {}

  /**
   * The socket with this port at its own side and that one at the other.
   *
   * @return as it is named among a process's open files
   */
  static Optional<Path> socket(int port, int peerPort) throws IOException {
    String local = String.format(java.util.Locale.ROOT, ":%04X", port);
    String peer = String.format(java.util.Locale.ROOT, ":%04X", peerPort);
    for (Path table : TABLES) {
      if (Files.exists(table)) {
        for (String line : Files.readAllLines(table)) {
          String[] columns = line.strip().split("\\s+");
          if (columns.length > INODE_COLUMN
              && columns[LOCAL_COLUMN].endsWith(local)
              && columns[PEER_COLUMN].endsWith(peer)) {
            return Optional.of(Path.of("socket:[" + columns[INODE_COLUMN] + "]"));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Whether a process has it open; false for one that is gone. */
  static boolean holds(long pid, Path socket) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : open) {
        if (isLinkTo(file, socket)) {
          return true;
        }
      }
    } catch (IOException gone) {
      return false;
    }
    return false;
  }

  private static boolean isLinkTo(Path file, Path target) {
    try {
      return Files.readSymbolicLink(file).equals(target);
    } catch (IOException closed) {
      return false;
    }
  }
}
