package org.undchain.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.value.NodeId;
import org.undchain.node.partner.PartnerNode;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.Skipped;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/**
 * Partners and files that fail while an object is stored, on real sockets and disks. The clients
 * are patient for longer than partners bear silence.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreFaultsTest {
  private static final long SILENCE_MILLIS = 4000;
  private static final Patience PATIENCE =
      new Patience(Duration.ofMillis(500), Duration.ofMillis(2 * SILENCE_MILLIS));

  /** Each of four data shards has twenty pieces. */
  private static final int SIZE = 20 << 20;

  private static final long SOME_PIECES = 1 << 20;
  private static final int TRIES = 5;

  private StorageNet net;
  private Path folder;
  private Path file;
  private byte[] bytes;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    this.net =
        new StorageNet(
            folder,
            9,
            PartnerNode.Offer.USUAL,
            Map.of("sessions.client_silence_ms", SILENCE_MILLIS));
    this.file = folder.resolve("object");
    this.bytes = new byte[SIZE];
    new Random(5).nextBytes(bytes);
    Files.write(file, bytes);
  }

  @AfterAll
  void stop() {
    net.close();
  }

  @Test
  void aPartnerThatDiesWhileItTakesIsReplacedAndNamed() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    net.tap.once(
        SOME_PIECES,
        number -> {
          Thread.ofVirtual().start(() -> net.kill(number));
          ShardTap.hold(over);
        });
    StoreJob.Stored stored = store();
    over.countDown();
    NodeId victim = net.partner(net.tap.chosen()).id();
    assertThat(reasonOf(victim, stored.skipped()))
        .isIn(StorageReason.UNREACHABLE, StorageReason.SLOW);
    isWholeWithout(victim, stored);
    net.startPartner(net.tap.chosen());
  }

  @Test
  void aPartnerThatStandsStillIsReplacedAndTheOthersHearTheirClientMeanwhile() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    net.tap.once(SOME_PIECES, number -> ShardTap.hold(over));
    StoreJob.Stored stored = store();
    over.countDown();
    NodeId victim = net.partner(net.tap.chosen()).id();
    assertThat(reasonOf(victim, stored.skipped())).isEqualTo(StorageReason.SLOW);
    isWholeWithout(victim, stored);
  }

  @Test
  void aPartnerThatStartsAgainWhileItTakesIsGoneOnWithOrReplaced() throws Exception {
    CountDownLatch isUp = new CountDownLatch(1);
    net.tap.once(
        SOME_PIECES,
        number ->
            Thread.ofVirtual()
                .start(() -> {
                  net.kill(number);
                  startAgain(number);
                  isUp.countDown();
                }));
    StoreJob.Stored stored = store();
    isUp.await();
    assertThat(stored.holders()).hasSize(8);
    assertThat(stored.receipts()).hasSize(8).allMatch(receipt -> receipt.kind().equals("DUAL"));
    comesBack(stored);
  }

  @Test
  void aPartnerWhoseDiskTakesNothingIsReplacedAndNamed() throws Exception {
    net.tap.never();
    int victim = 3;
    net.kill(victim);
    net.startPartner(victim, cheapest());
    Path incoming = net.dataOf(victim).resolve("storage/incoming");
    Files.delete(incoming);
    Files.createFile(incoming); // no rights keep root out, this does
    NodeId id = net.partner(victim).id();
    StoreJob.Stored stored = storeWith(id);
    Files.delete(incoming);
    Files.createDirectory(incoming);
    net.kill(victim);
    net.startPartner(victim);
    assertThat(stored.holders()).hasSize(8).noneMatch(holder -> holder.partner().equals(id));
    assertThat(reasonOf(id, stored.skipped())).isEqualTo(StorageReason.DISK);
    comesBack(stored);
  }

  @Test
  void aPartnerWithoutRoomIsReplacedAndNamed() throws Exception {
    net.tap.never();
    net.awaitNoSeats(); // what earlier ones reserve would leave no room to bid with
    int victim = 4;
    PartnerNode.Offer cheapest = cheapest();
    long room = net.partner(victim).store().usedBytes() + 2 * SOME_PIECES;
    net.kill(victim);
    net.startPartner(
        victim,
        new PartnerNode.Offer(
            room,
            cheapest.unitPrice(),
            cheapest.creditUnits(),
            cheapest.keepSlots(),
            cheapest.readBytesPerSecond()));
    NodeId id = net.partner(victim).id();
    StoreJob.Stored stored = storeWith(id);
    net.kill(victim);
    net.startPartner(victim);
    assertThat(stored.skipped())
        .singleElement()
        .matches(one -> one.partner().equals(id) && one.detail().contains("NO_SPACE"));
    isWholeWithout(id, stored);
  }

  @Test
  void aFileThatIsWrittenToWhileItIsStoredIsNotStored() throws Exception {
    Path changing = folder.resolve("changing");
    Files.write(changing, bytes);
    net.tap.once(SOME_PIECES, number -> append(changing));
    failsBecauseOf(StorageReason.SOURCE_CHANGED, changing);
  }

  @Test
  void aFileThatVanishesWhileItIsStoredIsNotStored() throws Exception {
    Path vanishing = folder.resolve("vanishing");
    Files.write(vanishing, bytes);
    net.tap.once(SOME_PIECES, number -> delete(vanishing));
    failsBecauseOf(StorageReason.SOURCE_UNREADABLE, vanishing);
  }

  @Test
  void whenAllSeatsAreOverTheSameCommandBeginsAnew() throws Exception {
    Path home = net.home();
    net.tap.never();
    assertThatThrownBy(
            () -> net.store(home, file, StoreWish.Until.COMPLETE, PATIENCE, new Crash("upload")))
        .isInstanceOf(Crash.Died.class);
    net.awaitNoSeats();
    StoreJob.Stored stored =
        net.store(home, file, StoreWish.Until.COMPLETE, PATIENCE, new JobProgress() {});
    assertThat(stored.skipped()).isEmpty();
    assertThat(stored.receipts()).hasSize(8).allMatch(receipt -> receipt.kind().equals("DUAL"));
    comesBack(stored);
  }

  /** Nine offer and eight are hired: who has to be among them asks for less than the others. */
  private static PartnerNode.Offer cheapest() {
    PartnerNode.Offer usual = PartnerNode.Offer.USUAL;
    return new PartnerNode.Offer(
        usual.quotaBytes(),
        usual.unitPrice() - 1,
        usual.creditUnits(),
        usual.keepSlots(),
        usual.readBytesPerSecond());
  }

  private void failsBecauseOf(StorageReason reason, Path object) {
    Path home = net.home();
    assertThatThrownBy(
            () -> net.store(home, object, StoreWish.Until.COMPLETE, PATIENCE, new JobProgress() {}))
        .isInstanceOfSatisfying(
            StorageException.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
    assertThat(home).as("a job that cannot go on").doesNotExist();
    assertThat(net.fatal()).isEmpty();
  }

  private StoreJob.Stored store() throws Exception {
    return net.store(net.home(), file, StoreWish.Until.COMPLETE, PATIENCE, new JobProgress() {});
  }

  /**
   * Stores until this partner was hired: the cheapest is not if its bid comes behind the others.
   */
  private StoreJob.Stored storeWith(NodeId partner) throws Exception {
    for (int tries = 0; tries < TRIES; tries++) {
      StoreJob.Stored stored = store();
      boolean isHired =
          stored.holders().stream().anyMatch(holder -> holder.partner().equals(partner))
              || stored.skipped().stream().anyMatch(one -> one.partner().equals(partner));
      if (isHired) {
        return stored;
      }
    }
    throw new AssertionError(partner + " is never hired");
  }

  private static StorageReason reasonOf(NodeId partner, List<Skipped> skipped) {
    return skipped.stream()
        .filter(one -> one.partner().equals(partner))
        .map(Skipped::reason)
        .findFirst()
        .orElseThrow(() -> new AssertionError(partner + " is not in " + skipped));
  }

  /** Eight others have it, each with a receipt that both signed. */
  private void isWholeWithout(NodeId victim, StoreJob.Stored stored) throws Exception {
    assertThat(stored.skipped()).hasSize(1);
    assertThat(stored.holders()).hasSize(8).noneMatch(holder -> holder.partner().equals(victim));
    assertThat(stored.receipts()).hasSize(8).allMatch(receipt -> receipt.kind().equals("DUAL"));
    comesBack(stored);
  }

  private void comesBack(StoreJob.Stored stored) throws Exception {
    Path back = folder.resolve("back");
    net.get(stored.objectId(), back);
    assertThat(Files.mismatch(file, back)).isEqualTo(-1);
    assertThat(net.fatal()).isEmpty();
  }

  private void startAgain(int number) {
    try {
      net.startPartner(number);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void append(Path file) {
    try {
      Files.write(file, new byte[1], StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
