package org.undchain.node.partner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Contract;
import org.undchain.core.value.Hash;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Scratch;
import org.undchain.utilities.storage.StorageException;

/**
 * What a partner wrote down of a running seat, damaged: it is refused, or it says the same when
 * written again and never makes room out of nothing.
 */
public final class SeatNotesDoor implements Door {
  private static final Hash CONTRACT = Hashes.tagged("contract of the door");

  private static final Contract OF_NOBODY =
      Contract.newBuilder().setClient(Hash.ZERO.toByteString()).build();

  private final Scratch scratch = new Scratch();

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    Path folder = scratch.with(CONTRACT.hex(), bytes).resolveSibling("");
    SeatNotes notes = new SeatNotes(folder);
    try {
      Map<Hash, SeatNotes.Brought> shards = notes.read(CONTRACT);
      StorageSeat seat = new StorageSeat(CONTRACT, OF_NOBODY, notes);
      Door.require(
          shards.isEmpty() == (seat.usedUnits() == 0) && seat.usedUnits() >= 0,
          "a seat with shards has used nothing");
      notes.write(CONTRACT, shards);
      Door.require(notes.read(CONTRACT).equals(shards), "the notes change when they are kept");
      return !shards.isEmpty();
    } catch (StorageException refused) {
      return false;
    } finally {
      Files.deleteIfExists(folder.resolve(CONTRACT.hex()));
    }
  }

  @Override
  public List<byte[]> honest() throws Exception {
    Path folder = scratch.emptied();
    new SeatNotes(folder)
        .write(
            CONTRACT,
            Map.of(
                Hashes.tagged("shard"),
                new SeatNotes.Brought(5000, false),
                Hashes.tagged("manifest"),
                new SeatNotes.Brought(1L << 28, true)));
    return List.of(Files.readAllBytes(folder.resolve(CONTRACT.hex())));
  }
}
