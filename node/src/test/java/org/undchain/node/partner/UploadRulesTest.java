package org.undchain.node.partner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Contract;
import org.undchain.core.partner.PartnerCommand;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.runtime.Metrics;
import org.undchain.node.transport.grpc.v1.ShardAck;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.node.transport.grpc.v1.ShardsGrpc;
import org.undchain.utilities.storage.ShardStore;
import org.undchain.utilities.storage.ShardTree;
import org.undchain.utilities.storage.StorageException;

/** What a partner counts and says of uploads, over a real connection. */
class UploadRulesTest {
  private static final Hash CONTRACT = Hashes.tagged("contract");
  private static final NodeId CLIENT = new NodeId(Hashes.tagged("client").bytes());
  private static final int MIB = 1 << 20;

  private final List<Long> told = new ArrayList<>(); // units, by the thread of the one call
  @TempDir private Path folder;
  private ShardStore store;
  private StorageSeats seats;
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws Exception {
    store = ShardStore.open(folder.resolve("storage"), 8L * MIB);
    seats = new StorageSeats(store, new SeatNotes(folder.resolve("seats")));
    ShardService.Setting setting =
        new ShardService.Setting(
            store,
            seats,
            new ReadBudget(1L << 30),
            () -> Optional.of(CLIENT),
            this::onCommand,
            bytes -> {},
            new PartnerMetrics(new Metrics()));
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(new ShardService(setting))
            .build()
            .start();
    channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1", server.getPort(), InsecureChannelCredentials.create())
            .build();
  }

  @AfterEach
  void close() throws Exception {
    channel.shutdownNow();
    server.shutdownNow().awaitTermination();
    store.close();
  }

  private void onCommand(PartnerCommand command) {
    if (command instanceof PartnerCommand.Delivered(Hash contract, long units)) {
      told.add(units);
    }
  }

  @Test
  void aContractOverMoreUnitsThanBytesCanBeCountedIsServedLikeAnyOther() throws Exception {
    seat((1L << 62) - 1);
    assertThat(upload(new byte[5000], 5000).getDurableBytes()).isEqualTo(5000);
  }

  @Test
  void theLastAckNamesTheBytesThatCameWhateverTheClientSays() throws Exception {
    seat(8);
    assertThat(upload(new byte[5000], Long.MAX_VALUE).getDurableBytes()).isEqualTo(5000);
  }

  @Test
  void aShardThatComesTwiceIsCountedTwice() throws Exception {
    seat(8);
    byte[] piece = new byte[ShardTree.PIECE_BYTES];
    for (int i = 0; i < 5; i++) {
      upload(piece, piece.length);
    }
    assertThat(told).containsExactly(1L, 2L);
  }

  @Test
  void notesThatNoSeatWroteAreDamageAndNoRoom() throws Exception {
    SeatNotes notes = new SeatNotes(folder.resolve("seats"));
    String root = Hashes.tagged("root").hex();
    for (String size : new String[] {"0", "999999999999999999"}) {
      Files.writeString(
          folder.resolve("seats").resolve(CONTRACT.hex()),
          root + " " + size + "\n",
          StandardCharsets.US_ASCII);
      assertThatThrownBy(() -> notes.read(CONTRACT))
          .as(size)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("damaged");
    }
  }

  private void seat(long units) throws StorageException {
    seats.opened(
        CONTRACT,
        Contract.newBuilder()
            .setClient(CLIENT.toByteString())
            .setUnitPrice(1)
            .setMaxAmount(units)
            .setKeepUntilSlot(1000)
            .build());
    seats.credited(CONTRACT, units);
  }

  /** The last word of the partner about a shard of one piece. */
  private ShardAck upload(byte[] shard, long lastOffset) throws Exception {
    CompletableFuture<ShardAck> done = new CompletableFuture<>();
    StreamObserver<ShardChunk> put =
        ShardsGrpc.newStub(channel)
            .put(
                new StreamObserver<>() {
                  private ShardAck newest = ShardAck.getDefaultInstance();

                  @Override
                  public void onNext(ShardAck ack) {
                    newest = ack;
                  }

                  @Override
                  public void onError(Throwable refusal) {
                    done.completeExceptionally(refusal);
                  }

                  @Override
                  public void onCompleted() {
                    done.complete(newest);
                  }
                });
    put.onNext(
        ShardChunk.newBuilder()
            .setContractId(CONTRACT.toByteString())
            .setSize(shard.length)
            .build());
    put.onNext(ShardChunk.newBuilder().setData(ByteString.copyFrom(shard)).build());
    put.onNext(
        ShardChunk.newBuilder()
            .setOffset(lastOffset)
            .setLast(true)
            .setRoot(ShardTree.rootOf(Bytes.wrap(shard)).toByteString())
            .build());
    return done.get(30, TimeUnit.SECONDS);
  }
}
