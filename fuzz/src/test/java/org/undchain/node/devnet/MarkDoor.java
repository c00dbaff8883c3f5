package org.undchain.node.devnet;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Scratch;

/** The file that names the process of a devnet: whatever it says, no stranger is taken for it. */
public final class MarkDoor implements Door {
  /** What clock ticks and a clock that was set may make of one start. */
  private static final Duration APART_MAX = Duration.ofSeconds(2);

  private final Scratch scratch = new Scratch();

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    Path file = scratch.with("process", bytes);
    Optional<ProcessMark> read = ProcessMark.read(file);
    if (read.isEmpty()) {
      return false;
    }
    ProcessMark mark = read.get();
    for (ProcessHandle process : mark.alive().stream().toList()) {
      Instant started = process.info().startInstant().orElseThrow();
      Duration apart = Duration.between(mark.started(), started).abs();
      Door.require(apart.compareTo(APART_MAX) <= 0, "a process that started at another time");
    }
    mark.write(file);
    Door.require(ProcessMark.read(file).equals(read), "a mark changes when it is kept");
    return true;
  }

  @Override
  public List<byte[]> honest() {
    return List.of(
        "1 1767225600000\n".getBytes(StandardCharsets.US_ASCII),
        "4194304 1767225600000\n".getBytes(StandardCharsets.US_ASCII));
  }
}
