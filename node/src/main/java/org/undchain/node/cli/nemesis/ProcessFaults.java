package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.undchain.node.audit.Finding;
import org.undchain.node.devnet.DevnetNode;

/** What is done to processes as a whole. */
final class ProcessFaults {
  /** How often all are killed in a storm, after the first time. */
  private static final int STORM_KILLS = 3;

  /** A start takes about so long; the second kill comes within. */
  private static final int RECOVERY_MILLIS = 3000;

  private static final long REFUSAL_SECONDS_MAX = 60;

  private final Fleet fleet;
  private final Consumer<Finding> findings;

  ProcessFaults(Fleet fleet, Consumer<Finding> findings) {
    this.fleet = fleet;
    this.findings = findings;
  }

  Fault of(Step step) {
    return switch (step.type()) {
      case KILL_ONE, KILL_F, KILL_ALL -> new Killed(step, 0);
      case KILL_TWICE -> new Killed(step, 1);
      case KILL_STORM -> new Killed(step, STORM_KILLS);
      case TERMINATE -> new Terminated(step.victims());
      case PAUSE_ONE, PAUSE_F, PAUSE_ALL -> new Paused(step.victims());
      case SECOND_PROCESS -> new Second(step.victims().getFirst());
      default -> throw new IllegalArgumentException(step.words());
    };
  }

  private final class Killed implements Fault {
    private final Step step;
    private final int again;

    Killed(Step step, int again) {
      this.step = step;
      this.again = again;
    }

    @Override
    public void begin() throws IOException {
      fleet.kill(step.victims());
    }

    @Override
    public void end() throws IOException, InterruptedException {
      SplittableRandom random = new SplittableRandom(step.salt());
      for (int i = 0; i < again; i++) {
        fleet.start(step.victims());
        Thread.sleep(random.nextInt(RECOVERY_MILLIS));
        fleet.kill(step.victims());
      }
      fleet.start(step.victims());
    }
  }

  private final class Terminated implements Fault {
    private final List<DevnetNode> victims;

    Terminated(List<DevnetNode> victims) {
      this.victims = victims;
    }

    @Override
    public void begin() throws IOException, InterruptedException {
      if (!fleet.terminate(victims)) {
        findings.accept(
            new Finding("not-ended", victims.getFirst().name(), "told to end, it goes on"));
        fleet.kill(victims);
      }
    }

    @Override
    public void end() throws IOException {
      fleet.start(victims);
    }
  }

  private final class Paused implements Fault {
    private final List<DevnetNode> victims;

    Paused(List<DevnetNode> victims) {
      this.victims = victims;
    }

    @Override
    public void begin() throws IOException, InterruptedException {
      fleet.signal("STOP", victims);
    }

    @Override
    public void end() throws IOException, InterruptedException {
      fleet.signal("CONT", victims);
    }
  }

  private final class Second implements Fault {
    private final DevnetNode victim;

    Second(DevnetNode victim) {
      this.victim = victim;
    }

    @Override
    public void begin() throws IOException, InterruptedException {
      Path output = fleet.folder().nodeFolder(victim.name()).resolve("second.log");
      Process second = fleet.startSecond(victim, output);
      if (!second.waitFor(REFUSAL_SECONDS_MAX, TimeUnit.SECONDS)) {
        second.destroyForcibly();
        second.waitFor();
        findings.accept(
            new Finding("two-processes", victim.name(), "a second one runs on its folder"));
      } else if (second.exitValue() == 0 || !Files.readString(output).contains("in use")) {
        findings.accept(
            new Finding(
                "two-processes",
                victim.name(),
                "the second one ended with " + second.exitValue() + ": see " + output));
      }
    }

    @Override
    public void end() {}
  }
}
