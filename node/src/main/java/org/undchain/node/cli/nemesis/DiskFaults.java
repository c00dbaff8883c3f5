package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.undchain.node.audit.Finding;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.Folders;
import org.undchain.node.store.Journal;

/**
 * What is done to the disk of a validator. All begin with kill -9; whoever is left without its
 * database gets it from the others, and is silent until R4.41 lets it speak.
 */
final class DiskFaults {
  /** Slots that a restored folder may know nothing of must be over: nobody warns it (R4.41). */
  private static final int SLOTS_OFF = 3;

  private static final int FLIPS_MAX = 8;
  private static final long PATIENCE_MILLIS = 60_000;

  private final Fleet fleet;
  private final BlockWatch watch;
  private final long slotMillis;
  private final Consumer<Finding> findings;

  DiskFaults(Fleet fleet, BlockWatch watch, long slotMillis, Consumer<Finding> findings) {
    this.fleet = fleet;
    this.watch = watch;
    this.slotMillis = slotMillis;
    this.findings = findings;
  }

  Fault of(Step step) throws IOException {
    DevnetNode victim = step.victims().getFirst();
    SplittableRandom random = new SplittableRandom(step.salt());
    return switch (step.type()) {
      case LOST_STORE -> onDead(victim, data -> Folders.delete(Journal.storeOf(data)));
      case LOST_GUARD -> onDead(victim, data -> Files.delete(Journal.guardOf(data)));
      case ROTTEN_GUARD -> onDead(victim, data -> flipGuard(Journal.guardOf(data), random));
      case ROTTEN_STORE -> new RottenStore(victim, random);
      case OLD_STORE -> new Backup(victim, List.of("store"), 0);
      case OLD_FOLDER ->
          new Backup(victim, List.of("store", "signing-guard", "keys"), SLOTS_OFF * slotMillis);
      case DISK_ERROR -> FailingDisk.failing(fleet, watch, victim, findings, random);
      case DISK_SLOW -> FailingDisk.slow(fleet, watch, victim, findings, random);
      case FULL_DISK -> new FullDisk(fleet, watch, victim, findings);
      default -> throw new IllegalArgumentException(step.words());
    };
  }

  private interface Damage {
    void doTo(Path data) throws IOException;
  }

  private Fault onDead(DevnetNode victim, Damage damage) {
    return new Fault() {
      @Override
      public void begin() throws IOException {
        fleet.kill(List.of(victim));
        FormerLives.keep(fleet.folder(), victim);
        damage.doTo(fleet.folder().nodeFolder(victim.name()));
        fleet.start(List.of(victim));
      }

      @Override
      public void end() {}
    };
  }

  /** One bit of the records, not of the zeros behind them. */
  private static void flipGuard(Path guard, SplittableRandom random) throws IOException {
    byte[] bytes = Files.readAllBytes(guard);
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    flip(guard, random.nextInt(end), random.nextInt(Byte.SIZE));
  }

  private static void flip(Path file, long at, int bit) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      int there = open.read();
      open.seek(at);
      open.write(there ^ (1 << bit));
    }
  }

  /** Starts on a rotten database; then, as an operator would, deletes it and starts again. */
  private final class RottenStore implements Fault {
    private final DevnetNode victim;
    private final SplittableRandom random;
    private long said;

    RottenStore(DevnetNode victim, SplittableRandom random) {
      this.victim = victim;
      this.random = random;
    }

    @Override
    public void begin() throws IOException {
      fleet.kill(List.of(victim));
      FormerLives.keep(fleet.folder(), victim);
      List<Path> files =
          Folders.files(Journal.storeOf(fleet.folder().nodeFolder(victim.name()))).stream()
              .filter(file -> file.toFile().length() > 0)
              .toList();
      for (int i = 1 + random.nextInt(FLIPS_MAX); i > 0; i--) {
        Path file = files.get(random.nextInt(files.size()));
        flip(file, random.nextLong(file.toFile().length()), random.nextInt(Byte.SIZE));
      }
      said = fleet.consoleLength(victim);
      fleet.start(List.of(victim));
    }

    @Override
    public void end() throws IOException {
      if (fleet.isAlive(victim)) {
        fleet.kill(List.of(victim));
      } else if (!fleet.console(victim, said).contains("error[UND-")) {
        findings.accept(new Finding("ended", victim.name(), "without a word why"));
      }
      FormerLives.keep(fleet.folder(), victim);
      Folders.delete(Journal.storeOf(fleet.folder().nodeFolder(victim.name())));
      fleet.start(List.of(victim));
    }
  }

  /** A copy of some parts is made, the node goes on for a while, and the copy comes back. */
  private final class Backup implements Fault {
    private final DevnetNode victim;
    private final List<String> parts;
    private final long offMillis;

    /**
     * @param offMillis how long the node stays off before it starts from the copy
     */
    Backup(DevnetNode victim, List<String> parts, long offMillis) {
      this.victim = victim;
      this.parts = parts;
      this.offMillis = offMillis;
    }

    @Override
    public void begin() throws IOException, InterruptedException {
      Path data = fleet.folder().nodeFolder(victim.name());
      Path backup = fleet.folder().root().resolve("backup-" + victim.name());
      Folders.delete(backup);
      fleet.kill(List.of(victim));
      watch.forget(List.of(victim));
      for (String part : parts) {
        Folders.copy(data.resolve(part), backup.resolve(part));
      }
      fleet.start(List.of(victim));
      watch.await(List.of(victim), seen -> seen >= watch.highest(), PATIENCE_MILLIS);
      long there = watch.highest();
      watch.await(List.of(victim), seen -> seen > there + 1, PATIENCE_MILLIS);
      fleet.kill(List.of(victim));
      watch.forget(List.of(victim));
      FormerLives.keep(fleet.folder(), victim);
      for (String part : parts) {
        Folders.delete(data.resolve(part));
        Folders.copy(backup.resolve(part), data.resolve(part));
      }
      Thread.sleep(offMillis);
      fleet.start(List.of(victim));
    }

    @Override
    public void end() {}
  }
}
