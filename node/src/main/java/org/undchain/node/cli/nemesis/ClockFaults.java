package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.undchain.node.config.ClockFile;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;

/**
 * A process whose wall clock is wrong. A node asks the wall clock once, when it starts, and goes on
 * with the monotonic one; so the fault is a start with the wrong time, which its own clock file
 * gives it. It has to come to the time of the others (R3.1) before it says a word.
 */
final class ClockFaults {
  private static final List<Long> SHIFTS_MILLIS = List.of(1_000L, 30_000L, 3_600_000L, 86_400_000L);

  private final Fleet fleet;
  private final Wiring wiring;

  ClockFaults(Fleet fleet, Wiring wiring) {
    this.fleet = fleet;
    this.wiring = wiring;
  }

  Fault of(Step step) {
    SplittableRandom random = new SplittableRandom(step.salt());
    long size = SHIFTS_MILLIS.get(random.nextInt(SHIFTS_MILLIS.size()));
    long shift = random.nextBoolean() ? size : -size;
    DevnetFolder folder = fleet.folder();
    DevnetNode victim = step.victims().getFirst();
    Path wrong = folder.nodeFolder(victim.name()).resolve("wrong-clock");
    return new Fault() {
      @Override
      public void begin() throws ConfigException, IOException {
        fleet.kill(step.victims());
        if (!(ClockFile.read(folder.clockFile()) instanceof ClockFile.Running(long offset))) {
          throw new IllegalStateException("a network that runs has a clock that runs");
        }
        ClockFile.write(wrong, new ClockFile.Running(offset + shift));
        wiring.write(victim, Optional.of(wrong));
        fleet.start(step.victims());
      }

      @Override
      public void end() throws ConfigException, IOException {
        wiring.write(victim, Optional.of(folder.clockFile()));
      }
    };
  }
}
