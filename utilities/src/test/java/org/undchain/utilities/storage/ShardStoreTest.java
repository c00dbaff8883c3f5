package org.undchain.utilities.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** A partner keeps whole shards under their roots, within its quota, through crashes. */
final class ShardStoreTest {
  private static final long QUOTA = 10L << 20;
  private static final int PIECE = ShardTree.PIECE_BYTES;

  @TempDir Path folder;

  @Test
  void aShardIsReadBackWithItsProofs() throws Exception {
    for (int size : List.of(1, 4096, 4097, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 9)) {
      byte[] shard = random(size, size);
      try (ShardStore store = ShardStore.open(folder, QUOTA)) {
        put(store, shard, 40);
      }
      try (ShardStore store = ShardStore.open(folder, QUOTA)) {
        assertThat(read(store, root(shard))).as("%d bytes", size).isEqualTo(shard);
      }
    }
  }

  @Test
  void theQuotaIsReservedBeforeTheFirstByteAndGivenBackByAnUploadThatEnds() throws Exception {
    try (ShardStore store = ShardStore.open(folder, QUOTA)) {
      ShardUpload first = store.begin(QUOTA - 10);
      fails(StorageReason.QUOTA, () -> store.begin(11));
      store.begin(10).close();
      first.close();
      first.close();
      assertThat(store.freeBytes()).isEqualTo(QUOTA);
      put(store, random(1, 1000), 40);
      assertThat(store.freeBytes()).isEqualTo(QUOTA - 1000);
      assertThat(files("incoming")).isEmpty();
      fails(StorageReason.TOO_LARGE, () -> store.begin(0));
      fails(StorageReason.TOO_LARGE, () -> store.begin(Long.MAX_VALUE));
    }
  }

  @Test
  void aShardThatDoesNotMatchItsClaimIsNotKept() throws Exception {
    byte[] shard = random(2, PIECE + 100);
    try (ShardStore store = ShardStore.open(folder, QUOTA)) {
      try (ShardUpload upload = upload(store, shard)) {
        fails(StorageReason.BAD_ROOT, () -> upload.commit(Hash.ZERO, 40));
      }
      try (ShardUpload upload = store.begin(PIECE + 100)) {
        upload.take(Arrays.copyOf(shard, PIECE));
        fails(StorageReason.TRUNCATED, () -> upload.commit(root(shard), 40));
        fails(StorageReason.TRUNCATED, () -> upload.take(new byte[0]));
        fails(StorageReason.TRUNCATED, () -> upload.take(new byte[99]));
        fails(StorageReason.TOO_LARGE, () -> upload.take(new byte[101]));
      }
      assertThat(store.count()).isZero();
      assertThat(files("shards")).isEmpty();
      assertThat(files("incoming")).isEmpty();
      fails(StorageReason.NOT_FOUND, () -> store.read(root(shard)));
    }
  }

  @Test
  void whatACrashLeftHalfDoneIsClearedAwayAndWhatWasWholeStays() throws Exception {
    byte[] shard = random(3, 5000);
    ShardStore crashed = ShardStore.open(folder, QUOTA);
    put(crashed, shard, 40);
    crashed.begin(PIECE * 3L).take(random(4, PIECE));
    crashed.close();
    assertThat(files("incoming")).hasSize(1);
    // A crash between the rename to a later slot and the deletion of the earlier name.
    Path kept = folder.resolve("shards").resolve(files("shards").getFirst());
    Files.copy(kept, kept.resolveSibling(root(shard).hex() + "-70"));
    Files.writeString(kept.resolveSibling("notes.txt"), "not a shard");
    try (ShardStore store = ShardStore.open(folder, QUOTA)) {
      assertThat(files("incoming")).isEmpty();
      assertThat(store.count()).isOne();
      assertThat(store.usedBytes()).isEqualTo(5000);
      assertThat(store.expire(70)).isZero();
      assertThat(read(store, root(shard))).isEqualTo(shard);
      assertThat(store.expire(71)).isOne();
      fails(StorageReason.NOT_FOUND, () -> store.read(root(shard)));
      assertThat(store.usedBytes()).isZero();
    }
  }

  @Test
  void aShardStoredTwiceIsKeptOnceAndToTheLaterSlot() throws Exception {
    byte[] shard = random(5, 5000);
    try (ShardStore store = ShardStore.open(folder, QUOTA)) {
      put(store, shard, 40);
      put(store, shard, 60);
      put(store, shard, 50);
      assertThat(store.usedBytes()).isEqualTo(5000);
      assertThat(files("shards")).containsExactly(root(shard).hex() + "-60");
    }
  }

  @Test
  void anyFlippedByteOnDiskIsNoticedBeforeItIsServed() throws Exception {
    byte[] shard = random(6, 2 * PIECE + 4000);
    try (ShardStore store = ShardStore.open(folder, QUOTA)) {
      put(store, shard, 40);
    }
    Path file = folder.resolve("shards").resolve(files("shards").getFirst());
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(7);
    for (int run = 0; run < 60; run++) {
      int at = run < 40 ? random.nextInt(whole.length) : whole.length - 1 - random.nextInt(96);
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);
      try (ShardStore store = ShardStore.open(folder, QUOTA)) {
        fails(StorageReason.DAMAGED, () -> read(store, root(shard)));
      }
    }
    for (int length : List.of(0, 1, 32, 33, PIECE, whole.length - 1)) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (ShardStore store = ShardStore.open(folder, QUOTA)) {
        fails(StorageReason.DAMAGED, () -> read(store, root(shard)));
      }
    }
  }

  @Test
  void aFullDiskIsSaidSoAndTheStoreGoesOn() throws Exception {
    FillingDisk disk = new FillingDisk(2L * PIECE);
    try (ShardStore store = ShardStore.open(folder, QUOTA, disk)) {
      put(store, random(8, PIECE), 40);
      fails(StorageReason.NO_SPACE, () -> put(store, random(9, 2 * PIECE), 40));
      assertThat(files("incoming")).isEmpty();
      assertThat(store.freeBytes()).isEqualTo(QUOTA - PIECE);
      disk.room += PIECE * 4L;
      put(store, random(9, 2 * PIECE), 40);
      disk.usable = ShardStore.DISK_MARGIN + 100;
      fails(StorageReason.NO_SPACE, () -> store.begin(101));
      store.begin(100).close();
    }
  }

  @Test
  void aSecondStoreInTheSameFolderIsRefused() throws Exception {
    try (ShardStore store = ShardStore.open(folder, QUOTA)) {
      fails(StorageReason.IN_USE, () -> ShardStore.open(folder, QUOTA));
      assertThat(store.count()).isZero();
    }
    ShardStore.open(folder, QUOTA).close();
  }

  @Test
  void theStoreAgreesWithAMapOverRandomDeedsAndRestarts() throws Exception {
    long seed = Long.getLong("seed", 1L);
    Random random = new Random(seed);
    var kept = new TreeMap<Hash, Long>();
    var bytes = new TreeMap<Hash, byte[]>();
    ShardStore store = ShardStore.open(folder, QUOTA);
    for (int step = 0; step < 200; step++) {
      int deed = random.nextInt(10);
      if (deed < 6) {
        byte[] shard = random(random.nextInt(30), 1 + random.nextInt(3) * 3000);
        long slot = 1 + step + random.nextInt(50);
        put(store, shard, slot);
        kept.merge(root(shard), slot, Math::max);
        bytes.put(root(shard), shard);
      } else if (deed < 8) {
        int before = step;
        store.expire(before);
        kept.values().removeIf(slot -> slot < before);
      } else {
        store.begin(100);
        store.close();
        store = ShardStore.open(folder, QUOTA);
      }
      long used =
          kept.keySet().stream()
              .mapToLong(root -> bytes.getOrDefault(root, new byte[0]).length)
              .sum();
      assertThat(store.count()).as("seed %d step %d", seed, step).isEqualTo(kept.size());
      assertThat(store.usedBytes()).as("seed %d step %d", seed, step).isEqualTo(used);
    }
    for (Hash root : kept.keySet()) {
      assertThat(read(store, root)).as("seed %d", seed).isEqualTo(bytes.get(root));
    }
    store.close();
  }

  static void put(ShardStore store, byte[] shard, long slot) throws StorageException {
    try (ShardUpload upload = upload(store, shard)) {
      upload.commit(root(shard), slot);
    }
  }

  private static ShardUpload upload(ShardStore store, byte[] shard) throws StorageException {
    ShardUpload upload = store.begin(shard.length);
    boolean isTaken = false;
    try {
      for (int at = 0; at < shard.length; at += PIECE) {
        upload.take(Arrays.copyOfRange(shard, at, Math.min(shard.length, at + PIECE)));
      }
      isTaken = true;
    } finally {
      if (!isTaken) {
        upload.close();
      }
    }
    return upload;
  }

  private static byte[] read(ShardStore store, Hash root) throws StorageException {
    try (ShardReader reader = store.read(root)) {
      ByteBuffer all = ByteBuffer.allocate((int) reader.size());
      for (int i = 0; i < reader.pieces(); i++) {
        ProvenPiece piece = reader.piece(i);
        assertThat(piece.proves(root, reader.size(), i)).isTrue();
        all.put(piece.bytes());
      }
      return all.array();
    }
  }

  private static void fails(StorageReason reason, ThrowingCallable deed) {
    assertThatThrownBy(deed)
        .isInstanceOfSatisfying(
            StorageException.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
  }

  private static Hash root(byte[] shard) {
    return ShardTree.rootOf(Bytes.wrap(shard));
  }

  private List<String> files(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static byte[] random(long seed, int size) {
    byte[] data = new byte[size];
    new Random(seed).nextBytes(data);
    return data;
  }

  /** A disk that says what a full one says. */
  private static final class FillingDisk implements Disk {
    private long room;
    private long usable = Long.MAX_VALUE;

    private FillingDisk(long room) {
      this.room = room;
    }

    @Override
    public void write(FileChannel file, ByteBuffer bytes) throws IOException {
      room -= bytes.remaining();
      if (room < 0) {
        throw new IOException("No space left on device");
      }
      Disk.REAL.write(file, bytes);
    }

    @Override
    public long usableBytes(Path at) {
      return usable;
    }
  }
}
