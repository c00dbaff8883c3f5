package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.undchain.node.audit.Finding;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.Folders;
import org.undchain.node.store.Journal;

/**
 * A validator whose database lies on a small file system in memory, which somebody else fills up.
 * It has to stop itself and say why; when there is room again, it starts with all it had.
 */
final class FullDisk implements Fault {
  private static final long ROOM_BYTES = 8 << 20;
  private static final long PATIENCE_MILLIS = 60_000;
  private static final Path MOUNTS = Path.of("/proc/self/mounts");
  private static final String BALLAST = "ballast";

  private final Fleet fleet;
  private final BlockWatch watch;
  private final DevnetNode victim;
  private final Consumer<Finding> findings;
  private final Path store;
  private final Path aside;

  FullDisk(Fleet fleet, BlockWatch watch, DevnetNode victim, Consumer<Finding> findings) {
    this.fleet = fleet;
    this.watch = watch;
    this.victim = victim;
    this.findings = findings;
    this.store = Journal.storeOf(fleet.folder().nodeFolder(victim.name()));
    this.aside = store.resolveSibling("store-aside");
  }

  /** Whether this process may make file systems. */
  static boolean isPossible() throws InterruptedException {
    try {
      Path probe = Files.createTempDirectory("undchain-mount-");
      try {
        Shell.run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", quoted(probe));
        Shell.run("umount", quoted(probe));
        return true;
      } finally {
        Files.delete(probe);
      }
    } catch (IOException refused) {
      return false;
    }
  }

  /** Takes away what an interrupted campaign left; nothing of it is needed any more. */
  static void release(DevnetFolder folder, DevnetNode node) {
    Path store = Journal.storeOf(folder.nodeFolder(node.name()));
    try {
      if (Files.readString(MOUNTS).contains(" " + store.toRealPath() + " ")) {
        Shell.run("umount", quoted(store));
      }
    } catch (IOException nothingThere) {
      // or nothing that can be taken away
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void begin() throws IOException, InterruptedException {
    fleet.kill(List.of(victim));
    watch.forget(List.of(victim));
    Folders.move(store, aside);
    Files.createDirectory(store);
    long size = Folders.bytes(aside) + ROOM_BYTES;
    Shell.run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", quoted(store));
    for (Path file : Folders.files(aside)) {
      Files.copy(file, store.resolve(file.getFileName().toString()));
    }
    fleet.start(List.of(victim));
    long now = watch.highest();
    watch.await(List.of(victim), seen -> seen > now, PATIENCE_MILLIS);
  }

  @Override
  public void end() throws IOException, InterruptedException {
    long said = fleet.consoleLength(victim);
    fleet.signal("STOP", List.of(victim));
    giveBackReserve();
    fill();
    fleet.signal("CONT", List.of(victim));
    if (!fleet.ends(victim)) {
      findings.accept(new Finding("full-disk", victim.name(), "goes on although its disk is full"));
      fleet.kill(List.of(victim));
    } else if (!FailingDisk.isReason(fleet.console(victim, said))) {
      findings.accept(new Finding("full-disk", victim.name(), "ended without a word why"));
    }
    watch.forget(List.of(victim));
    restore();
    fleet.start(List.of(victim));
  }

  /**
   * Space that the database reserved behind the ends of its files: cutting a file to the length it
   * has gives it back. The process must not write meanwhile.
   */
  private void giveBackReserve() throws IOException, InterruptedException {
    for (Path file : Folders.files(store)) {
      Shell.run("truncate", "-s", Long.toString(Files.size(file)), quoted(file));
    }
  }

  private void fill() throws IOException {
    byte[] piece = new byte[1 << 12];
    try (OutputStream out = Files.newOutputStream(store.resolve(BALLAST))) {
      while (true) {
        out.write(piece);
      }
    } catch (IOException full) {
      // that is the point
    }
  }

  /** The database is where it was, with what it wrote meanwhile. */
  private void restore() throws IOException, InterruptedException {
    Files.deleteIfExists(store.resolve(BALLAST));
    Folders.delete(aside);
    Folders.copy(store, aside);
    Shell.run("umount", quoted(store));
    Files.delete(store);
    Folders.move(aside, store);
  }

  private static String quoted(Path path) {
    return "'" + path + "'";
  }
}
