package org.undchain.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.undchain.node.store.Records.OWNER;
import static org.undchain.node.store.Records.block;
import static org.undchain.node.store.Records.checkpoint;
import static org.undchain.node.store.Records.closed;
import static org.undchain.node.store.Records.prevote;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.undchain.core.message.Block;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.ResultPage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.node.store.StoreException.Why;

@Tag("R4.40")
class RocksStoreTest {
  private static final BlockTime NOW = new BlockTime(77);
  @TempDir private Path folder;

  @Test
  void recordsComeBackInOrderAndBlocksByTheirHeight() throws StoreException {
    List<LogRecord> first = List.of(closed(1), block(1), prevote(2, 1));
    List<LogRecord> second = List.of(block(2), closed(3));
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      store.commit(first, 1, NOW);
      store.commit(second, 2, NOW.plusMillis(1));
    }
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      List<LogRecord> all = new ArrayList<>(first);
      all.addAll(second);
      assertThat(store.recover()).isEqualTo(new Recovered(Optional.empty(), all));
      assertThat(store.block(2)).contains(block(2).getBlock());
      assertThat(store.block(3)).isEmpty();
      assertThat(store.blocks(1, 10)).extracting(RocksStoreTest::height).containsExactly(1L, 2L);
      assertThat(store.blocks(0, 10)).as("a gap ends the list").isEmpty();
      assertThat(store.guardSequence()).isEqualTo(2);
      assertThat(store.lastSeen()).contains(NOW.plusMillis(1));
    }
  }

  @Test
  @Tag("R12.4")
  void theProofOfEachResultIsFoundByItsEntryAndNoRestartReadsIt() throws StoreException {
    LogRecord results =
        LogRecord.newBuilder()
            .setResults(
                ResultPage.newBuilder()
                    .setNextHeight(8)
                    .addIds(Records.hash(5).toByteString())
                    .addIds(Records.hash(6).toByteString())
                    .addValues(ByteString.copyFromUtf8("five"))
                    .addValues(ByteString.copyFromUtf8("six"))
                    .setCount(1)
                    .setShape(ByteString.copyFrom(new byte[] {0}))
                    .setEnds(Records.hash(1).toByteString()))
            .build();
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      store.commit(List.of(closed(1), results, closed(2)), 1, NOW);
    }
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      ProofFile six = store.proof(Records.hash(6)).orElseThrow();
      assertThat(six.getValue().toStringUtf8()).isEqualTo("six");
      assertThat(six.getHead().getHeader().getHeight()).isEqualTo(8);
      assertThat(store.proof(Records.hash(7))).isEmpty();
      assertThat(store.recover().records()).containsExactly(closed(1), closed(2));
      store.commit(List.of(closed(3)), 1, NOW);
      assertThat(store.everything()).containsExactly(closed(1), closed(2), closed(3));
    }
  }

  @Test
  void aSnapshotStandsForEverythingBeforeIt() throws StoreException {
    Bytes snapshot = Records.hash(8).bytes();
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      store.commit(List.of(closed(1), block(1)), 0, NOW);
      store.snapshot(snapshot);
    }
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      assertThat(store.recover()).isEqualTo(new Recovered(Optional.of(snapshot), List.of()));
      store.commit(List.of(closed(2)), 0, NOW);
      assertThat(store.recover())
          .isEqualTo(new Recovered(Optional.of(snapshot), List.of(closed(2))));
      assertThat(store.block(1)).isPresent();
    }
  }

  @Test
  void aRestartReadsFromTheCheckpointBeforeTheNewestOneOn() throws StoreException {
    List<LogRecord> third = List.of(block(3), checkpoint(3, 0, 2), checkpoint(3, 1, 2), closed(3));
    List<LogRecord> fourth = List.of(block(4), checkpoint(4, 0, 1));
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      store.commit(List.of(block(1), closed(1)), 0, NOW);
      assertThat(store.recover().records()).containsExactly(block(1), closed(1));
      store.commit(List.of(block(2), checkpoint(2, 0, 1)), 0, NOW);
      assertThat(store.recover().records())
          .as("the only checkpoint has none before it")
          .containsExactly(block(1), closed(1), block(2), checkpoint(2, 0, 1));
      store.commit(third, 0, NOW);
      store.commit(fourth, 0, NOW);
    }
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      assertThat(store.recover().records())
          .containsExactly(
              checkpoint(3, 0, 2), checkpoint(3, 1, 2), closed(3), block(4), checkpoint(4, 0, 1));
      assertThat(store.everything())
          .containsExactly(block(1), closed(1), block(2), block(3), closed(3), block(4));
    }
  }

  @Test
  void theFolderOfAnotherChainIsRefused() throws StoreException {
    RocksStore.open(folder, OWNER).close();
    StoreOwner other = new StoreOwner(Records.hash(9), OWNER.node());
    assertThatThrownBy(() -> RocksStore.open(folder, other))
        .isInstanceOfSatisfying(
            StoreException.class,
            refused -> {
              assertThat(refused.why()).isEqualTo(Why.WRONG_CHAIN);
              assertThat(refused).hasMessageContaining("name another data folder");
            });
    RocksStore.open(folder, OWNER).close();
  }

  @Test
  void theFolderOfANewerVersionIsRefused() throws StoreException, RocksDBException {
    RocksStore.open(folder, OWNER).close();
    putMeta("format", format(RocksStore.FORMAT + 1));
    assertThatThrownBy(() -> RocksStore.open(folder, OWNER))
        .isInstanceOfSatisfying(
            StoreException.class,
            refused -> {
              assertThat(refused.why()).isEqualTo(Why.NEWER_VERSION);
              assertThat(refused).hasMessageContaining("use a newer release");
            });
  }

  /** Format 1 kept each proof under its id, format 2 under height and id; the log named both. */
  @Test
  void aFolderOfAnOlderFormatIsReadAndIsOfTheNewFormatFromThenOn() throws Exception {
    ProofFile proof = ProofFile.newBuilder().setKey(Records.hash(5).toByteString()).build();
    ProofFile newer = ProofFile.newBuilder().setKey(Records.hash(6).toByteString()).build();
    byte[] id = Records.hash(5).bytes().toByteArray();
    byte[] newerId = Records.hash(6).bytes().toByteArray();
    byte[] newerKey = ByteBuffer.allocate(40).put(format(7)).put(newerId).array();
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      store.commit(List.of(closed(1)), 1, NOW);
    }
    put("proofs", id, proof.toByteArray());
    put("log", format(1), ByteBuffer.allocate(33).put((byte) 3).put(id).array());
    put("proofs", newerKey, newer.toByteArray());
    put("proof-heights", newerId, format(7));
    put("log", format(2), ByteBuffer.allocate(41).put((byte) 3).put(newerKey).array());
    putMeta("format", format(1));
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      assertThat(store.proof(Records.hash(5))).contains(proof);
      assertThat(store.proof(Records.hash(6))).contains(newer);
      assertThat(store.recover().records()).containsExactly(closed(1));
      store.commit(List.of(closed(2)), 1, NOW);
      assertThat(store.recover().records()).containsExactly(closed(1), closed(2));
    }
    assertThat(meta("format")).isEqualTo(format(RocksStore.FORMAT));
  }

  private static byte[] format(long version) {
    return ByteBuffer.allocate(Long.BYTES).putLong(version).array();
  }

  @Test
  @Tag("case-41")
  void aFolderInUseIsRefused() throws StoreException {
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      assertThat(store.guardSequence()).isZero();
      assertThatThrownBy(() -> RocksStore.open(folder, OWNER))
          .isInstanceOfSatisfying(
              StoreException.class, refused -> assertThat(refused.why()).isEqualTo(Why.IN_USE));
    }
  }

  @Test
  void aFolderCalledBlockchainFromWhichAFileIsMissingIsNotCalledInUse() throws IOException {
    folder = folder.resolve("blockchain");
    RocksStore.open(folder, OWNER).close();
    Files.writeString(folder.resolve("CURRENT"), "MANIFEST-999999\n");
    assertThatThrownBy(() -> RocksStore.open(folder, OWNER))
        .isInstanceOfSatisfying(
            StoreException.class,
            refused -> {
              assertThat(refused.why()).isEqualTo(Why.INPUT_OUTPUT);
              assertThat(refused).hasMessageContaining("check the disk and start again");
            });
  }

  @Test
  @Tag("case-36")
  void aFlippedBitInTheMiddleOfTheLogIsRefusedAndNotTakenForItsEnd() throws IOException {
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      for (int i = 0; i < 256; i++) {
        store.commit(List.of(closed(i)), 0, NOW);
      }
      copyWriteAheadLog();
    }
    Path log = restoreWriteAheadLog();
    try (RandomAccessFile damaged = new RandomAccessFile(log.toFile(), "rw")) {
      damaged.seek(damaged.length() / 2);
      int there = damaged.read();
      damaged.seek(damaged.length() / 2);
      damaged.write(there ^ 16);
    }
    assertThatThrownBy(() -> RocksStore.open(folder, OWNER))
        .isInstanceOfSatisfying(
            StoreException.class, refused -> assertThat(refused.why()).isEqualTo(Why.DAMAGED));
  }

  @Test
  @Tag("case-35")
  void aTornTailOfTheLogCostsNothingThatWasPromised() throws IOException {
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      for (int i = 0; i < 8; i++) {
        store.commit(List.of(closed(i)), 0, NOW);
      }
      copyWriteAheadLog();
    }
    Path log = restoreWriteAheadLog();
    try (RandomAccessFile torn = new RandomAccessFile(log.toFile(), "rw")) {
      torn.setLength(torn.length() - 3);
    }
    try (NodeStore store = RocksStore.open(folder, OWNER)) {
      assertThat(store.recover().records()).hasSize(7);
    }
  }

  @Test
  void aNodeThatLostItsDatabaseButNotItsGuardHasAmnesia() throws IOException {
    Journal.initialise(folder, OWNER);
    try (Journal journal = Journal.open(folder, OWNER)) {
      assertThat(journal.memory()).isEqualTo(new SigningGuard.Memory.Fresh());
      journal.commit(List.of(prevote(1, 1), closed(1)), NOW);
    }
    try (Journal journal = Journal.open(folder, OWNER)) {
      assertThat(journal.memory()).isEqualTo(new SigningGuard.Memory.Whole(1));
    }
    erase(folder.resolve("store"));
    try (Journal journal = Journal.open(folder, OWNER)) {
      assertThat(journal.memory()).isInstanceOf(SigningGuard.Memory.Amnesia.class);
    }
    try (Journal journal = Journal.open(folder, OWNER)) {
      assertThat(journal.memory()).isInstanceOf(SigningGuard.Memory.Amnesia.class);
      journal.commit(List.of(prevote(9, 1)), NOW);
    }
    try (Journal journal = Journal.open(folder, OWNER)) {
      assertThat(journal.memory()).isInstanceOf(SigningGuard.Memory.Whole.class);
    }
  }

  @Test
  void afterARefusedSignatureNothingIsWrittenAnyMore() throws IOException {
    Journal.initialise(folder, OWNER);
    try (Journal journal = Journal.open(folder, OWNER)) {
      journal.commit(List.of(prevote(5, 1)), NOW);
      assertThatThrownBy(() -> journal.commit(List.of(prevote(5, 2)), NOW))
          .isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> journal.commit(List.of(closed(1)), NOW))
          .hasMessageContaining("start again");
    }
    try (Journal journal = Journal.open(folder, OWNER)) {
      assertThat(journal.store().recover().records()).containsExactly(prevote(5, 1));
    }
  }

  private static long height(Block block) {
    return block.getHead().getHeader().getHeight();
  }

  private void putMeta(String key, byte[] value) throws RocksDBException {
    put("default", key.getBytes(StandardCharsets.UTF_8), value);
  }

  private byte[] meta(String key) throws RocksDBException {
    return bare((db, families) -> db.get(key.getBytes(StandardCharsets.UTF_8)));
  }

  private void put(String family, byte[] key, byte[] value) throws RocksDBException {
    bare((db, families) -> {
      db.put(families.get(family), key, value);
      return value;
    });
  }

  private interface BareUse {
    byte[] use(RocksDB db, Map<String, ColumnFamilyHandle> families) throws RocksDBException;
  }

  /** The database without what the store makes of it. */
  private byte[] bare(BareUse use) throws RocksDBException {
    try (Options options = new Options();
        DBOptions all = new DBOptions()) {
      List<byte[]> names = RocksDB.listColumnFamilies(options, folder.toString());
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      List<ColumnFamilyDescriptor> families =
          names.stream().map(ColumnFamilyDescriptor::new).toList();
      try (RocksDB db = RocksDB.open(all, folder.toString(), families, handles)) {
        Map<String, ColumnFamilyHandle> byName = new TreeMap<>();
        for (int i = 0; i < handles.size(); i++) {
          byName.put(new String(names.get(i), StandardCharsets.UTF_8), handles.get(i));
        }
        byte[] found = use.use(db, byName);
        handles.forEach(ColumnFamilyHandle::close);
        return found;
      }
    }
  }

  /** A close moves the log into tables; a crash would have left it. */
  private void copyWriteAheadLog() throws IOException {
    Path copy = folder.resolveSibling(folder.getFileName() + "-crashed");
    Files.createDirectories(copy);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
  }

  private Path restoreWriteAheadLog() throws IOException {
    folder = folder.resolveSibling(folder.getFileName() + "-crashed");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".log") && file.toFile().length() > 0)
          .findFirst()
          .orElseThrow();
    }
  }

  private static void erase(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
