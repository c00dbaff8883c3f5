package org.undchain.node.devnet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process and the moment it started. Ids of processes are given again; only both together name
 * one, so that no signal ever reaches a stranger.
 */
public record ProcessMark(long pid, Instant started) {
  /** The system tells the start by its own clock ticks and the clock may have been set since. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private static final int BYTES_MAX = 64;

  public static ProcessMark of(ProcessHandle process) {
    return new ProcessMark(process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
  }

  /** The process, if it still runs. */
  public Optional<ProcessHandle> alive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().startInstant().filter(this::isStart).isPresent());
  }

  private boolean isStart(Instant other) {
    return Duration.between(started, other).abs().compareTo(TOLERANCE) <= 0;
  }

  /** What a file says; empty if it is absent or says nothing of the kind. */
  static Optional<ProcessMark> read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(BYTES_MAX), StandardCharsets.US_ASCII).strip();
      if (!text.matches("[0-9]{1,10} [0-9]{1,15}")) {
        return Optional.empty();
      }
      int blank = text.indexOf(' ');
      return Optional.of(
          new ProcessMark(
              Long.parseLong(text.substring(0, blank)),
              Instant.ofEpochMilli(Long.parseLong(text.substring(blank + 1)))));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  void write(Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, pid + " " + started.toEpochMilli() + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
