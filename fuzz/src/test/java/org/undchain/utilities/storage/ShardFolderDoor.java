package org.undchain.utilities.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Scratch;

/**
 * A partner's folder of shards after a disk or somebody else wrote into it: no byte leaves that is
 * not of the shard that was asked for (S21). First byte: length of the file's name.
 */
public final class ShardFolderDoor implements Door {
  private static final long QUOTA = 1 << 20;
  private static final byte[] SHARD = new byte[5000];
  private static final Hash ROOT = ShardTree.rootOf(Bytes.wrap(SHARD));
  private static final String NAME = new ShardName(ROOT, 77).text();

  private final Scratch scratch = new Scratch();

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    if (bytes.length == 0) {
      return false;
    }
    int end = Math.min(bytes.length, 1 + (bytes[0] & 0xff));
    String text = new String(bytes, 1, end - 1, java.nio.charset.StandardCharsets.ISO_8859_1);
    Optional<ShardName> parsed = ShardName.parse(text);
    parsed.ifPresent(name ->
        Door.require(ShardName.parse(name.text()).equals(parsed), "the name of a shard changes"));
    Path folder = scratch.emptied();
    Files.createDirectories(folder.resolve("shards"));
    Files.write(
        folder.resolve("shards").resolve(parsed.isPresent() ? text : NAME),
        Arrays.copyOfRange(bytes, end, bytes.length));
    try (ShardStore store = ShardStore.open(folder, QUOTA);
        ShardReader reader = store.read(ROOT)) {
      byte[] piece = reader.piece(0).bytes();
      Door.require(
          reader.size() == SHARD.length && Arrays.equals(piece, SHARD), "other bytes are served");
      return true;
    } catch (StorageException refused) {
      return false;
    }
  }

  @Override
  public List<byte[]> honest() {
    byte[] name = NAME.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] hashes = ShardTree.hash(SHARD).bytes().toByteArray();
    return List.of(Parts.join(Parts.one(name.length), name, SHARD, hashes));
  }
}
