package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.undchain.node.audit.Finding;
import org.undchain.node.cli.nemesis.disk.DiskCall;
import org.undchain.node.cli.nemesis.disk.DiskControl;
import org.undchain.node.cli.nemesis.disk.DiskFault;
import org.undchain.node.cli.nemesis.disk.DiskFault.Effect;
import org.undchain.node.cli.nemesis.disk.FaultyDisk;
import org.undchain.node.devnet.DevnetNode;

/**
 * A validator whose disk fails: it has to stop itself at once and say why, and starts again with
 * all it had. Or whose disk is slow: it says what it has to say later, and goes on.
 */
final class FailingDisk implements Fault {
  private static final int CALLS_MAX = 40;
  private static final int SLOW_MILLIS_MIN = 100;
  private static final int SLOW_MILLIS_MAX = 1000;
  private static final long PATIENCE_MILLIS = 60_000;

  /** The codes of a disk that failed and of one that is full. */
  private static final Pattern REASON = Pattern.compile("error\\[UND-142[78]\\]");

  private final Fleet fleet;
  private final BlockWatch watch;
  private final DevnetNode victim;
  private final Consumer<Finding> findings;
  private final DiskFault fault;
  private final Path place;
  private final DiskControl control;

  /**
   * @param fault what happens to the disk: at once if it is slow, else at the end
   */
  private FailingDisk(
      Fleet fleet, BlockWatch watch, DevnetNode victim, Consumer<Finding> findings, DiskFault fault)
      throws IOException {
    this.fleet = fleet;
    this.watch = watch;
    this.victim = victim;
    this.findings = findings;
    this.fault = fault;
    this.place = Files.createTempDirectory(fleet.folder().root(), "disk-" + victim.name() + "-");
    this.control = DiskControl.open(controlFile());
  }

  /** One sync fails, or everything from a call on. */
  static FailingDisk failing(
      Fleet fleet,
      BlockWatch watch,
      DevnetNode victim,
      Consumer<Finding> findings,
      SplittableRandom random)
      throws IOException {
    int error = random.nextBoolean() ? DiskFault.EIO : DiskFault.ENOSPC;
    long at = 1 + random.nextInt(CALLS_MAX);
    DiskFault fault =
        switch (random.nextInt(3)) {
          case 0 -> DiskFault.failing(Set.of(DiskCall.SYNC), Effect.FAIL, at, 1, error);
          case 1 -> DiskFault.failing(Set.of(DiskCall.SYNC), Effect.DONE, at, 1, error);
          default -> DiskFault.failing(DiskCall.CHANGES, Effect.HALF, at, 0, error);
        };
    return new FailingDisk(fleet, watch, victim, findings, fault);
  }

  /** Every sync takes long. */
  static FailingDisk slow(
      Fleet fleet,
      BlockWatch watch,
      DevnetNode victim,
      Consumer<Finding> findings,
      SplittableRandom random)
      throws IOException {
    long millis = random.nextInt(SLOW_MILLIS_MIN, SLOW_MILLIS_MAX);
    DiskFault fault = DiskFault.slow(Set.of(DiskCall.SYNC), millis);
    return new FailingDisk(fleet, watch, victim, findings, fault);
  }

  /** Whether somebody says at its console that it ended because of its disk. */
  static boolean isReason(String console) {
    return REASON.matcher(console).find();
  }

  private Path controlFile() {
    return place.resolve("control");
  }

  private boolean isSlow() {
    return fault.effect() == Effect.SLOW;
  }

  @Override
  public void begin() throws IOException, InterruptedException {
    FaultyDisk library = FaultyDisk.build(place);
    fleet.kill(List.of(victim));
    watch.forget(List.of(victim));
    fleet.start(
        victim, library.environment(fleet.folder().nodeFolder(victim.name()), controlFile()));
    long now = watch.highest();
    watch.await(List.of(victim), seen -> seen > now, PATIENCE_MILLIS);
    if (isSlow()) {
      control.arm(fault);
    }
  }

  @Override
  public void end() throws IOException, InterruptedException {
    if (isSlow()) {
      control.disarm();
    } else {
      fail();
    }
    if (control.happened() == 0) {
      findings.accept(new Finding("disk-error", victim.name(), "its disk never failed: " + fault));
    }
  }

  private void fail() throws IOException, InterruptedException {
    long said = fleet.consoleLength(victim);
    control.arm(fault);
    if (!fleet.ends(victim)) {
      findings.accept(
          new Finding("disk-error", victim.name(), "goes on although its disk failed: " + fault));
      fleet.kill(List.of(victim));
    } else if (!isReason(fleet.console(victim, said))) {
      findings.accept(
          new Finding("disk-error", victim.name(), "ended without a word why: " + fault));
    }
    watch.forget(List.of(victim));
    fleet.start(List.of(victim));
  }
}
