package org.undchain.node.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Scratch;
import org.undchain.fuzz.Town;

/**
 * The file of a signing guard: a damaged one is amnesia, never a key that signs twice (R4.41).
 *
 * <p>Bytes: a file of whole records; if the first byte is odd, check sums are mended.
 */
public final class GuardDoor implements Door {
  private static final StoreOwner OWNER =
      new StoreOwner(Hashes.tagged("chain"), new NodeId(Hashes.tagged("node").bytes()));
  private static final int RECORDS_MAX = 64;

  private final Scratch scratch = new Scratch();
  private final List<LogRecord> signed;

  public GuardDoor() {
    Town town = Town.ofForgeable();
    signed =
        town.log(town.story().validator(0)).stream()
            .filter(record -> GuardRecord.of(record).isPresent())
            .limit(6)
            .toList();
  }

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    if (bytes.length < 1 + GuardRecord.SIZE) {
      return false;
    }
    byte[] content = Parts.rest(bytes, 1);
    if (content.length > RECORDS_MAX * GuardRecord.SIZE) {
      content = Arrays.copyOf(content, RECORDS_MAX * GuardRecord.SIZE);
    }
    if ((bytes[0] & 1) == 1) {
      mend(content);
    }
    Path file = scratch.with("guard", content);
    for (GuardRecord record : SigningGuard.read(file)) {
      Door.require(
          GuardRecord.decode(record.encode()).equals(Optional.of(record)), "a record changes");
    }
    int known = content.length / GuardRecord.SIZE - 1;
    try (SigningGuard guard = SigningGuard.open(file, OWNER, known, sequence -> List.of())) {
      boolean isWhole = guard.memory() instanceof SigningGuard.Memory.Whole;
      guard.prepare(List.of());
      return isWhole || guard.memory() instanceof SigningGuard.Memory.Fresh;
    } catch (StoreException refused) {
      return false;
    }
  }

  private static void mend(byte[] content) {
    for (int at = 0; at + GuardRecord.SIZE <= content.length; at += GuardRecord.SIZE) {
      java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
      crc.update(content, at, GuardRecord.SIZE - Integer.BYTES);
      java.nio.ByteBuffer.wrap(content)
          .putInt(at + GuardRecord.SIZE - Integer.BYTES, (int) crc.getValue());
    }
  }

  @Override
  public List<byte[]> honest() throws Exception {
    List<byte[]> honest = new ArrayList<>();
    for (int count : new int[] {0, 1, signed.size()}) {
      Path file = scratch.emptied().resolve("guard");
      SigningGuard.initialise(file, OWNER);
      long records = 0;
      try (SigningGuard guard = SigningGuard.open(file, OWNER, 0, sequence -> List.of())) {
        guard.prepare(signed.subList(0, count));
        guard.write();
        records = guard.sequence();
      }
      byte[] whole = Files.readAllBytes(file);
      honest.add(
          Parts.join(Parts.one(0), Arrays.copyOf(whole, (int) (records + 1) * GuardRecord.SIZE)));
    }
    return honest;
  }
}
