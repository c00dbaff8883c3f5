package org.undchain.node.devnet;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Scratch;

/** The file that names the process of a devnet: whatever it says, no stranger is taken for it. */
public final class MarkDoor implements Door {
  private final Scratch scratch = new Scratch();

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    Path file = scratch.with("process", bytes);
    Optional<ProcessMark> read = ProcessMark.read(file);
    if (read.isEmpty()) {
      return false;
    }
    ProcessMark mark = read.get();
    mark.alive().ifPresent(process -> Door.require(process.pid() == mark.pid(), "another process"));
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
