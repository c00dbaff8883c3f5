package org.undchain.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.message.AccountLeaf;
import org.undchain.node.cli.Tool;
import org.undchain.node.json.Json;
import org.undchain.node.partner.PartnerNode;
import org.undchain.utilities.storage.Manifest;
import org.undchain.utilities.storage.ObjectWriter;
import org.undchain.utilities.storage.Patience;

/** A store that was stopped anywhere goes on with the same command, on real sockets and disks. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreResumeTest {
  private static final int PARTNERS = 8;
  private static final int NEEDED = 4;
  private static final int SIZE = 12_345_678;
  private static final long WAIT_SECONDS = 180;

  private StorageNet net;
  private ClientCommands commands;
  private Path folder;
  private Path file;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    this.net =
        new StorageNet(
            folder,
            PARTNERS,
            PartnerNode.Offer.USUAL,
            Map.of("sessions.client_silence_ms", 60_000L));
    this.commands = new ClientCommands(folder);
    this.file = folder.resolve("object");
    byte[] bytes = new byte[SIZE];
    new Random(7).nextBytes(bytes);
    Files.write(file, bytes);
  }

  @AfterAll
  void stop() {
    net.close();
  }

  @Test
  void aProcessThatIsKilledInTheMiddleIsGoneOnWithByTheSameCommand() throws Exception {
    long requests = requests();
    long taken = net.tap.taken();
    CountDownLatch halfWay = new CountDownLatch(PARTNERS);
    CountDownLatch isKilled = new CountDownLatch(1);
    net.tap.each(
        1 << 20,
        number -> {
          halfWay.countDown();
          ShardTap.hold(isKilled);
        });
    Process process = commands.process("128m", "store", file.toString(), "--key", "ann");
    assertThat(halfWay.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    process.destroyForcibly().waitFor();
    net.tap.never();
    isKilled.countDown();

    Tool.Outcome stored = commands.call("store", file.toString(), "--key", "ann", "--json");
    assertThat(stored.code()).as(stored.err()).isZero();
    assertThat(stored.err()).contains("resume: going on");
    assertThat(stored.document().objects("receipts")).as(stored.err()).hasSize(PARTNERS);
    assertThat(requests()).isEqualTo(requests + 1);
    // not a byte came twice, so no partner has a second contract
    assertThat(net.tap.taken() - taken).isEqualTo(PARTNERS * bytesPerPartner());
    comesBack(stored.document());
  }

  @Test
  void whatPartnersKeepIsNotSentAgainAlsoIfOneStartedAnew() throws Exception {
    long requests = requests();
    Path home = net.home();
    crash(home, "upload");
    net.kill(2);
    net.startPartner(2);
    long taken = net.tap.taken();
    StoreJob.Stored stored = again(home);
    assertThat(stored.skipped()).isEmpty();
    assertThat(stored.receipts()).hasSize(PARTNERS);
    assertThat(net.tap.taken() - taken).isEqualTo((long) PARTNERS * Manifest.sealedBytes(PARTNERS));
    assertThat(requests()).isEqualTo(requests + 1);
    assertThat(home).doesNotExist();
    comesBack(stored.objectId());
  }

  @Test
  void whenEverythingIsClosedOnlyTheBlocksAreWaitedFor() throws Exception {
    long requests = requests();
    Path home = net.home();
    crash(home, "receipts");
    long taken = net.tap.taken();
    StoreJob.Stored stored = again(home);
    assertThat(stored.holders()).hasSize(PARTNERS);
    assertThat(stored.receipts()).hasSize(PARTNERS).allMatch(one -> one.kind().equals("DUAL"));
    assertThat(net.tap.taken()).isEqualTo(taken);
    assertThat(requests()).isEqualTo(requests + 1);
    comesBack(stored.objectId());
  }

  private void crash(Path home, String step) {
    assertThatThrownBy(
            () -> net.store(home, file, StoreWish.Until.COMPLETE, Patience.USUAL, new Crash(step)))
        .isInstanceOf(Crash.Died.class);
  }

  private StoreJob.Stored again(Path home) throws Exception {
    return net.store(home, file, StoreWish.Until.COMPLETE, Patience.USUAL, new JobProgress() {});
  }

  /** Requests of the client so far: they and nothing else here use up its nonces. */
  private long requests() throws Exception {
    try (ClientNode client = net.client(net.home())) {
      client.awaitValidators();
      AccountLeaf account = client.account();
      return account.getNonceFloor() + Long.bitCount(account.getNonceBits());
    }
  }

  private static long bytesPerPartner() {
    return ObjectWriter.bytesPerPartner(SIZE, NEEDED, PARTNERS);
  }

  private void comesBack(Json.Obj stored) throws Exception {
    comesBack(stored.text("objectId").orElseThrow());
  }

  private void comesBack(String id) throws Exception {
    Path back = folder.resolve("back");
    net.get(id, back);
    assertThat(Files.mismatch(file, back)).isEqualTo(-1);
    assertThat(net.fatal()).isEmpty();
  }
}
