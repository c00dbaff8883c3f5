package org.undchain.node.partner;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Contract;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.client.GrpcShardDoor;
import org.undchain.node.runtime.Metrics;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.ShardSink;
import org.undchain.utilities.storage.ShardStore;
import org.undchain.utilities.storage.StorageException;

/** A client that holds the proof of START before its partner does. */
class EarlyUploadTest {
  private static final Hash CONTRACT =
      Hashes.sha256("contract".getBytes(StandardCharsets.US_ASCII));
  private static final NodeId CLIENT = NodeId.of(ByteString.copyFrom(new byte[32]));

  private static final Duration NEWS = Duration.ofSeconds(30);

  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void anUploadThatComesBeforeThePartnersOwnProofOfStartWaitsForIt(@TempDir Path folder)
      throws Exception {
    try (ShardStore store = ShardStore.open(folder.resolve("storage"), 1 << 20)) {
      StorageSeats seats = new StorageSeats(store, new SeatNotes(folder.resolve("seats")));
      Server server = serve(new ShardService(setting(store, seats)));
      ManagedChannel channel =
          Grpc.newChannelBuilderForAddress(
                  "127.0.0.1", server.getPort(), InsecureChannelCredentials.create())
              .build();
      GrpcShardDoor door =
          new GrpcShardDoor(CLIENT, 0, CONTRACT, () -> channel, Patience.USUAL, NEWS, taken -> {});
      try (ShardSink sink = door.open(1000)) {
        assertThat(sink).isNotNull();
      } finally {
        channel.shutdownNow();
        server.shutdownNow().awaitTermination();
      }
      assertThat(calls).hasValue(2);
    }
  }

  /** The seat opens after the first call was refused. */
  private ShardService.Setting setting(ShardStore store, StorageSeats seats) {
    return new ShardService.Setting(
        store,
        seats,
        new ReadBudget(1 << 20),
        () -> {
          if (calls.incrementAndGet() == 2) {
            open(seats);
          }
          return Optional.of(CLIENT);
        },
        command -> {},
        bytes -> {},
        new PartnerMetrics(new Metrics()));
  }

  private static Server serve(ShardService service) throws Exception {
    return Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
        .addService(service)
        .build()
        .start();
  }

  private static void open(StorageSeats seats) {
    Contract contract =
        Contract.newBuilder()
            .setClient(CLIENT.toByteString())
            .setUnitPrice(1)
            .setMaxAmount(4)
            .setKeepUntilSlot(1000)
            .build();
    try {
      seats.opened(CONTRACT, contract);
    } catch (StorageException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
