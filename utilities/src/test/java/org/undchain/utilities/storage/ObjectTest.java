package org.undchain.utilities.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.value.NodeId;
import org.undchain.utilities.storage.LocalPartner.Fault;

/** What is stored comes back identical as long as any K partners are honest and up. */
@Tag("slow")
final class ObjectTest {
  /** Nobody is late, however slow the machine is. */
  private static final Patience CALM = new Patience(Duration.ofMinutes(1), Duration.ofMinutes(1));

  /** For who says nothing. */
  private static final Patience SHORT = new Patience(Duration.ofMillis(100), Duration.ofSeconds(4));

  private static final int SEGMENT = new ObjectLayout(0, 4).segmentBytes();

  @TempDir Path folder;
  private List<LocalPartner> partners = List.of();
  private Patience patience = CALM;

  @AfterEach
  void closeStores() throws IOException {
    for (LocalPartner partner : partners) {
      partner.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 4097, 1_000_003, 1_048_560, 1_048_561, 5_000_000})
  void everySizeComesBackIdentical(int size) throws Exception {
    partners = LocalPartner.several(folder, 8);
    byte[] object = random(size, size);
    ObjectWriter.Stored stored = store(object, 8);
    assertThat(stored.skipped()).isEmpty();
    assertThat(stored.holders()).hasSize(8);
    assertThat(restored(stored.id())).isEqualTo(object);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4097, 1_000_003})
  void anyFourOfEightPartnersRestoreTheObject(int size) throws Exception {
    partners = LocalPartner.several(folder, 8);
    byte[] object = random(size, size);
    ObjectId id = store(object, 8).id();
    for (int up = 0; up < 256; up++) {
      if (Integer.bitCount(up) == 4) {
        for (int i = 0; i < 8; i++) {
          partners.get(i).fault = (up >> i & 1) == 1 ? Fault.NONE : Fault.AWAY;
        }
        assertThat(restored(id)).as("up %s", Integer.toBinaryString(up)).isEqualTo(object);
      }
    }
  }

  @Test
  void fewerThanFourPartnersSayWhoIsMissing() throws Exception {
    patience = new Patience(Duration.ofSeconds(3), Duration.ofMinutes(1));
    partners = LocalPartner.several(folder, 8);
    ObjectId id = store(random(1, 5000), 8).id();
    Manifest manifest = reader().manifest(id, sources());
    for (int i = 0; i < 5; i++) {
      partners.get(i).fault = Fault.AWAY;
    }
    assertThatThrownBy(() -> reader().read(manifest, sources(), 0, new ByteArrayOutputStream()))
        .isInstanceOfSatisfying(
            StorageException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(StorageReason.TOO_FEW_SHARDS);
              assertThat(names(failure.skipped())).containsExactlyInAnyOrderElementsOf(ids(0, 5));
            });
    partners.forEach(partner -> partner.fault = Fault.AWAY);
    fails(StorageReason.NOT_FOUND, () -> reader().manifest(id, sources()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"AWAY", "MUTE", "LIES", "SHORT", "EMPTY", "LIES_ABOUT_SIZE"})
  void aPartnerThatMisbehavesIsSkippedAndNamed(Fault fault) throws Exception {
    partners = LocalPartner.several(folder, 8);
    patience = fault == Fault.MUTE ? SHORT : CALM;
    byte[] object = random(2, 3 * SEGMENT + 17);
    ObjectId id = store(object, 8).id();
    Manifest manifest = reader().manifest(id, sources());
    partners.get(1).fault = fault;
    partners.get(3).fault = fault;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ObjectReader.Restored restored = reader().read(manifest, sources(), 0, out);
    assertThat(out.toByteArray()).isEqualTo(object);
    assertThat(names(restored.skipped()))
        .contains(partners.get(1).partner(), partners.get(3).partner());
    StorageReason reason =
        switch (fault) {
          case AWAY -> StorageReason.UNREACHABLE;
          case MUTE -> StorageReason.SLOW;
          case LIES, LIES_ABOUT_SIZE -> StorageReason.LYING;
          default -> StorageReason.TRUNCATED;
        };
    assertThat(restored.skipped()).extracting(Skipped::reason).contains(reason);
    assertThat(restored(id)).as("with manifest").isEqualTo(object);
  }

  @Test
  void aLiarIsAskedNoMore() throws Exception {
    partners = LocalPartner.several(folder, 6);
    byte[] object = random(3, 20 * SEGMENT);
    Manifest manifest = store(object, 6).manifest();
    partners.getFirst().reads.set(0);
    partners.getFirst().fault = Fault.LIES;
    reader().read(manifest, sources(), 0, new ByteArrayOutputStream());
    assertThat(partners.getFirst().reads.get()).isBetween(1, 5);
  }

  @Test
  void flippedBitsOnAnyPartnersDiskAreNoticedAndNamed() throws Exception {
    long seed = Long.getLong("seed", 1L);
    Random random = new Random(seed);
    partners = LocalPartner.several(folder, 6);
    byte[] object = random(4, 2 * SEGMENT + 999);
    Manifest manifest = store(object, 6).manifest();
    for (int run = 0; run < 20; run++) {
      int victim = random.nextInt(4);
      String root = manifest.shards().get(victim).root().hex();
      Path file = folder.resolve("partner-" + victim + "/shards/" + root + "-100");
      byte[] whole = Files.readAllBytes(file);
      byte[] flipped = whole.clone();
      flipped[random.nextInt((int) manifest.layout().shardBytes())] ^=
          (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      List<Skipped> skipped = reader().read(manifest, sources(), 0, out).skipped();
      assertThat(out.toByteArray()).as("seed %d", seed).isEqualTo(object);
      assertThat(skipped).as("seed %d run %d", seed, run).hasSize(1);
      assertThat(skipped.getFirst().partner()).isEqualTo(partners.get(victim).partner());
      assertThat(skipped.getFirst().reason()).isEqualTo(StorageReason.DAMAGED);
      Files.write(file, whole);
    }
  }

  @Test
  void aBrokenDownloadGoesOnAtTheNextSegment() throws Exception {
    partners = LocalPartner.several(folder, 6);
    byte[] object = random(5, 3 * SEGMENT + 5);
    Manifest manifest = store(object, 6).manifest();
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    reader().read(manifest, sources(), 2, rest);
    assertThat(rest.toByteArray())
        .isEqualTo(Arrays.copyOfRange(object, 2 * SEGMENT, object.length));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"AWAY", "MUTE"})
  void aPartnerThatTakesNoShardIsReplacedByASpare(Fault fault) throws Exception {
    partners = LocalPartner.several(folder, 9);
    partners.get(2).fault = fault;
    patience = fault == Fault.MUTE ? SHORT : CALM;
    byte[] object = random(6, 6 * SEGMENT);
    ObjectWriter.Stored stored = store(object, 8);
    assertThat(stored.holders()).hasSize(8).contains(partners.get(8).partner());
    assertThat(names(stored.skipped())).containsExactly(partners.get(2).partner());
    assertThat(restored(stored.id())).isEqualTo(object);
  }

  @Test
  void aPartnerLostInTheMiddleIsReplacedByASpareWithAShardOfItsOwn() throws Exception {
    partners = LocalPartner.several(folder, 10);
    partners.get(0).failsAfterWrites = 3;
    partners.get(5).failsAfterWrites = 1;
    byte[] object = random(7, 7 * SEGMENT + 3);
    ObjectWriter.Stored stored = store(object, 8);
    assertThat(stored.holders()).hasSize(8);
    assertThat(stored.manifest().shards()).hasSize(8);
    for (int i : List.of(1, 2, 3, 4)) {
      partners.get(i).fault = Fault.AWAY;
    }
    assertThat(restored(stored.id())).isEqualTo(object);
  }

  @Test
  void withoutSparesTheNumberOfPartnersShrinksToOneMoreThanNeeded() throws Exception {
    partners = LocalPartner.several(folder, 8);
    for (int i = 0; i < 3; i++) {
      partners.get(i).failsAfterWrites = i;
    }
    byte[] object = random(8, 4 * SEGMENT);
    ObjectWriter.Stored stored = store(object, 8);
    assertThat(stored.holders()).hasSize(5);
    assertThat(stored.skipped()).hasSize(3);
    assertThat(restored(stored.id())).isEqualTo(object);
    partners.get(3).fault = Fault.AWAY;
    fails(StorageReason.TOO_FEW_PARTNERS, () -> store(object, 8));
    fails(StorageReason.TOO_FEW_PARTNERS, () -> store(object, 4));
  }

  @Test
  void aFileThatShrinksGrowsOrVanishesWhileItIsStoredIsNoticed() throws Exception {
    partners = LocalPartner.several(folder, 5);
    Path file = folder.resolve("object");
    Files.write(file, random(9, 3 * SEGMENT));
    try (FileSource source = FileSource.open(file)) {
      Files.write(file, new byte[10], StandardOpenOption.TRUNCATE_EXISTING);
      fails(StorageReason.SOURCE_CHANGED, () -> store(source, 5));
    }
    try (FileSource source = FileSource.open(file)) {
      Files.write(file, new byte[10], StandardOpenOption.APPEND);
      fails(StorageReason.SOURCE_CHANGED, () -> store(source, 5));
    }
    try (FileSource source = FileSource.open(file)) {
      Files.delete(file);
      fails(StorageReason.SOURCE_UNREADABLE, () -> store(source, 5));
    }
    fails(StorageReason.SOURCE_UNREADABLE, () -> FileSource.open(file));
    fails(StorageReason.SOURCE_UNREADABLE, () -> FileSource.open(folder));
  }

  @Test
  void bytesThatDifferAtTheSecondReadingAreNeverSealedUnderTheSameNonce() throws Exception {
    partners = LocalPartner.several(folder, 6);
    partners.get(0).failsAfterWrites = 0;
    byte[] object = random(10, 2 * SEGMENT);
    ObjectSource changing =
        new MemorySource(object) {
          @Override
          public void read(long at, byte[] into, int length) {
            super.read(at, into, length);
            object[0]++;
          }
        };
    fails(StorageReason.SOURCE_CHANGED, () -> store(changing, 5));
    assertThat(partners.get(5).writes).hasValue(0);
  }

  @Test
  void aWrongKeyOrRootOpensNothing() throws Exception {
    partners = LocalPartner.several(folder, 5);
    ObjectId id = store(random(11, 100), 5).id();
    ObjectId other = store(random(12, 100), 5).id();
    ObjectId mixed = new ObjectId(id.manifestRoot(), other.manifestKey());
    fails(StorageReason.BAD_MANIFEST, () -> reader().manifest(mixed, sources()));
  }

  private ObjectWriter.Stored store(byte[] object, int count) throws Exception {
    return store(new MemorySource(object), count);
  }

  private ObjectWriter.Stored store(ObjectSource object, int count)
      throws StorageException, InterruptedException {
    List<ShardDoor> doors = new ArrayList<>(partners.subList(0, count));
    List<ShardDoor> spares = new ArrayList<>(partners.subList(count, partners.size()));
    return new ObjectWriter(4, patience, new SecureRandom(), StorageProgress.NONE)
        .store(object, doors, spares);
  }

  private byte[] restored(ObjectId id) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    reader().read(reader().manifest(id, sources()), sources(), 0, out);
    return out.toByteArray();
  }

  private ObjectReader reader() {
    return new ObjectReader(patience, StorageProgress.NONE);
  }

  private List<ShardSource> sources() {
    return new ArrayList<>(partners);
  }

  private List<NodeId> ids(int from, int to) {
    return partners.subList(from, to).stream().map(LocalPartner::partner).toList();
  }

  private static List<NodeId> names(List<Skipped> skipped) {
    return skipped.stream().map(Skipped::partner).toList();
  }

  private static void fails(StorageReason reason, ThrowingCallable deed) {
    assertThatThrownBy(deed)
        .isInstanceOfSatisfying(
            StorageException.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
  }

  private static byte[] random(long seed, int size) {
    byte[] data = new byte[size];
    new Random(seed).nextBytes(data);
    return data;
  }

  private static class MemorySource implements ObjectSource {
    private final byte[] object;

    private MemorySource(byte[] object) {
      this.object = object;
    }

    @Override
    public long size() {
      return object.length;
    }

    @Override
    public void read(long at, byte[] into, int length) {
      System.arraycopy(object, (int) at, into, 0, length);
    }

    @Override
    public void checkUnchanged() {}
  }
}
