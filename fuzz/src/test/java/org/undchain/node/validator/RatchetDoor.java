package org.undchain.node.validator;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.undchain.core.crypto.KeyRatchet;
import org.undchain.core.value.Bytes;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Scratch;
import org.undchain.node.config.ConfigException;

/**
 * The file of a validator's key ratchet, torn or damaged: a validator that took another secret, or
 * one of another period, out of it would sign with keys that nobody expects (R10.9).
 */
public final class RatchetDoor implements Door {
  private final Scratch scratch = new Scratch();

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    Path file = scratch.with("ratchet", bytes);
    KeyRatchet ratchet;
    try {
      ratchet = DiskValidatorKeys.read(file);
    } catch (ConfigException refused) {
      Door.require(!refused.why().isEmpty(), "a refusal says no why");
      return false;
    }
    DiskValidatorKeys.write(file, ratchet);
    Door.require(Arrays.equals(Files.readAllBytes(file), bytes), "a ratchet changes");
    return true;
  }

  @Override
  public List<byte[]> honest() {
    String seed = Bytes.wrap(new byte[32]).hex();
    return List.of(
        ("0 " + seed + "\n").getBytes(StandardCharsets.US_ASCII),
        ("1095 " + seed + "\n").getBytes(StandardCharsets.US_ASCII));
  }
}
