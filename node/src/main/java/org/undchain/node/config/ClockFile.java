package org.undchain.node.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.undchain.core.value.BlockTime;

/**
 * How a devnet's block time relates to the clock of its machine: while the network runs an offset
 * that all its processes share, while it is off the block time at which it stopped.
 */
public sealed interface ClockFile {
  int BYTES_MAX = 64;

  /** The network runs, or was stopped without a word. */
  record Running(long offsetMillis) implements ClockFile {}

  /** The network was stopped in good order. */
  record Stopped(BlockTime at) implements ClockFile {}

  static ClockFile read(Path file) throws ConfigException {
    String text;
    try (var in = Files.newInputStream(file)) {
      text = new String(in.readNBytes(BYTES_MAX), StandardCharsets.US_ASCII).strip();
    } catch (NoSuchFileException absent) {
      throw damaged(file, "it does not exist");
    } catch (IOException unreadable) {
      throw damaged(file, String.valueOf(unreadable.getMessage()));
    }
    if (text.matches("running -?[0-9]{1,18}")) {
      return new Running(Long.parseLong(text.substring(8)));
    }
    if (text.matches("stopped [0-9]{1,18}")) {
      return new Stopped(new BlockTime(Long.parseLong(text.substring(8))));
    }
    throw damaged(file, "it holds neither \"running OFFSET\" nor \"stopped BLOCK_TIME\"");
  }

  static void write(Path file, ClockFile clock) throws IOException {
    String text =
        switch (clock) {
          case Running(long offset) -> "running " + offset;
          case Stopped(BlockTime at) -> "stopped " + at.millis();
        };
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static ConfigException damaged(Path file, String why) {
    return new ConfigException(
        1401,
        "the clock file " + file + " cannot be used",
        why,
        List.of(
            "rm " + file + " while the network is off: it is made again from what the nodes saw"));
  }
}
