package org.undchain.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.value.NodeId;
import org.undchain.node.partner.PartnerNode;
import org.undchain.utilities.storage.ObjectId;
import org.undchain.utilities.storage.ObjectReader;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.ShardSource;
import org.undchain.utilities.storage.Skipped;
import org.undchain.utilities.storage.StorageProgress;
import org.undchain.utilities.storage.StorageReason;

/**
 * Partners that are gone, lie or say nothing while an object is read, on real sockets and disks.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GetFaultsTest {
  private static final int PARTNERS = 8;

  /** Somebody else is asked when a partner says nothing, and not when the machine is slow. */
  private static final Patience PATIENT =
      new Patience(Duration.ofSeconds(4), Patience.USUAL.limit());

  /** Where nothing is told of who was late: what is dead costs a moment each time. */
  private static final Patience HASTY =
      new Patience(Duration.ofMillis(200), Patience.USUAL.limit());

  private StorageNet net;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    this.net = new StorageNet(folder, PARTNERS, PartnerNode.Offer.USUAL);
  }

  @AfterAll
  void stop() {
    net.close();
  }

  @Test
  void fourOfEightPartnersRestoreEverySize() throws Exception {
    Map<Path, String> stored = new TreeMap<>();
    for (int size : new int[] {0, 1, 4096, 4097, 1_000_003}) {
      Path file = object(size);
      stored.put(file, net.store(file, StoreWish.Until.COMMITTED).objectId());
    }
    for (int number = 0; number < 4; number++) {
      net.kill(number);
    }
    for (Map.Entry<Path, String> object : stored.entrySet()) {
      comesBack(object.getKey(), object.getValue(), HASTY);
    }
    for (int number = 0; number < 4; number++) {
      net.startPartner(number);
    }
  }

  @Test
  void aLiarAndOneThatSaysNothingAreSkippedAndNamed() throws Exception {
    Path file = object(5_000_001);
    StoreJob.Stored stored = net.store(file, StoreWish.Until.COMMITTED);
    // the first four shards are the data itself, so these are asked first
    NodeId liar = holder(stored.objectId(), 0);
    NodeId mute = holder(stored.objectId(), 1);
    net.kill(net.numberOf(liar));
    net.kill(net.numberOf(mute));
    try (FalsePartner lies = new FalsePartner(net, net.numberOf(liar), FalsePartner.Manner.LIES);
        FalsePartner silence =
            new FalsePartner(net, net.numberOf(mute), FalsePartner.Manner.SAYS_NOTHING)) {
      GetJob.Restored restored = comesBack(file, stored.objectId(), PATIENT);
      Map<NodeId, StorageReason> reasons = new TreeMap<>();
      for (Skipped skipped : restored.skipped()) {
        reasons.put(skipped.partner(), skipped.reason());
      }
      assertThat(reasons)
          .containsEntry(liar, StorageReason.LYING)
          .containsEntry(mute, StorageReason.SLOW);
    }
    net.startPartner(net.numberOf(liar));
    net.startPartner(net.numberOf(mute));
  }

  @Test
  void aPartnerWhoseDiskHasChangedAShardIsSkippedAndNamed() throws Exception {
    Path file = object(5_000_002);
    StoreJob.Stored stored = net.store(file, StoreWish.Until.COMMITTED);
    NodeId victim = holder(stored.objectId(), 0);
    Path shards = net.dataOf(net.numberOf(victim)).resolve("storage/shards");
    try (var files = Files.list(shards)) {
      for (Path shard : files.toList()) {
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length / 2] ^= 1;
        Files.write(shard, bytes);
      }
    }
    GetJob.Restored restored = comesBack(file, stored.objectId(), StorageNet.CALM);
    assertThat(restored.skipped())
        .anyMatch(one -> one.partner().equals(victim) && one.reason() == StorageReason.DAMAGED);
  }

  /** Who keeps this shard, as any partner's manifest says. */
  private NodeId holder(String id, int shard) throws Exception {
    try (ClientNode client = net.client(net.home())) {
      NodeId partner = net.partner(0).id();
      client.dial(partner, net.routesOf(0));
      ShardSource source =
          new GrpcShardSource(
              partner, () -> client.channel(partner, Patience.USUAL.limit()), Patience.USUAL);
      return new ObjectReader(Patience.USUAL, StorageProgress.NONE)
          .manifest(ObjectId.parse(id).orElseThrow(), List.of(source))
          .shards()
          .get(shard)
          .partner();
    }
  }

  private Path object(int size) throws Exception {
    Path file = folder.resolve("object-" + size);
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Files.write(file, bytes);
  }

  private GetJob.Restored comesBack(Path file, String id, Patience patience) throws Exception {
    Path back = folder.resolve("back");
    GetJob.Restored restored = net.get(id, back, patience);
    assertThat(Files.mismatch(file, back)).isEqualTo(-1);
    assertThat(net.fatal()).isEmpty();
    return restored;
  }
}
