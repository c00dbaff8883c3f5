package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.Folders;
import org.undchain.node.store.Journal;

/**
 * What the disks of validators held before it was taken from them. A validator has forgotten it and
 * has to keep to it all the same, so the audit reads it, too.
 */
final class FormerLives {
  private FormerLives() {}

  /** A new folder for what is about to be taken from a node. */
  static Path create(DevnetFolder folder, DevnetNode node) throws IOException {
    Path place =
        folder.root().resolve("former").resolve(node.name() + "-" + of(folder, node).size());
    Files.createDirectories(place);
    return place;
  }

  /** Keeps a copy of a node's database and guard. The node has to be off. */
  static void keep(DevnetFolder folder, DevnetNode node) throws IOException {
    Path place = create(folder, node);
    Path data = folder.nodeFolder(node.name());
    if (Files.exists(Journal.storeOf(data))) {
      Folders.copy(Journal.storeOf(data), Journal.storeOf(place));
    }
    if (Files.exists(Journal.guardOf(data))) {
      Folders.copy(Journal.guardOf(data), Journal.guardOf(place));
    }
  }

  /** The folders of everything that was taken from a node, the oldest first. */
  static List<Path> of(DevnetFolder folder, DevnetNode node) throws IOException {
    Path all = folder.root().resolve("former");
    if (!Files.exists(all)) {
      return List.of();
    }
    try (Stream<Path> lives = Files.list(all)) {
      return lives
          .filter(life -> life.getFileName().toString().startsWith(node.name() + "-"))
          .sorted()
          .toList();
    }
  }
}
