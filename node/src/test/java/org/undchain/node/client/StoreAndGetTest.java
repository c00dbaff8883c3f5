package org.undchain.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.AccountLeaf;
import org.undchain.node.partner.PartnerNode;

/** The main job on real sockets and disks: what is stored comes back byte for byte. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreAndGetTest {
  private static final long PERIOD_SLOTS = 48;

  private StorageNet net;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    this.net =
        new StorageNet(
            folder, 8, PartnerNode.Offer.USUAL, Map.of("time.period_slots", PERIOD_SLOTS));
  }

  @AfterAll
  void stop() {
    net.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 4097, 1_000_003})
  void whatIsStoredComesBack(int size) throws Exception {
    Path file = folder.resolve("object-" + size);
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    Files.write(file, bytes);
    StoreJob.Stored stored = net.store(file, StoreWish.Until.COMPLETE);
    assertThat(stored.holders()).hasSize(8);
    assertThat(stored.receipts()).hasSize(8).allMatch(receipt -> receipt.kind().equals("DUAL"));
    assertThat(stored.completeHeight()).isGreaterThanOrEqualTo(stored.height());
    Path back = folder.resolve("back-" + size);
    GetJob.Restored restored = net.get(stored.objectId(), back, StorageNet.CALM);
    assertThat(restored.bytes()).isEqualTo(size);
    assertThat(restored.skipped()).isEmpty();
    assertThat(Files.mismatch(file, back)).isEqualTo(-1);
    assertThat(net.fatal()).isEmpty();
  }

  @Test
  void whoWaitsForThePayoutStaysUntilThePartnersArePaid() throws Exception {
    Path file = folder.resolve("paid");
    Files.write(file, new byte[100]);
    StoreJob.Stored stored = net.store(file, StoreWish.Until.PAID);
    long period = net.net.chain().calendar().periodOf(stored.slot());
    assertThat(stored.paidPeriod()).isBetween(period, period + 1);
    try (ClientNode client = net.client(net.home())) {
      client.awaitValidators();
      for (StoreJob.Holder holder : stored.holders()) {
        long earned =
            client
                .leaf(Table.ACCOUNT, holder.partner().bytes(), AccountLeaf.parser())
                .orElseThrow()
                .getBalance();
        assertThat(earned).isPositive();
      }
    }
  }
}
