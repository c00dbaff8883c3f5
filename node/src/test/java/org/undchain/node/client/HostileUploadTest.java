package org.undchain.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.partner.PartnerNode;
import org.undchain.node.storage.StorageStatus;
import org.undchain.node.transport.grpc.RawClient;
import org.undchain.node.transport.grpc.v1.ShardAck;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.node.transport.grpc.v1.ShardQuery;
import org.undchain.node.transport.grpc.v1.ShardsGrpc;
import org.undchain.utilities.storage.ObjectLayout;
import org.undchain.utilities.storage.ObjectWriter;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.ShardTree;
import org.undchain.utilities.storage.StorageReason;

/**
 * A client that sends a partner what no honest one sends, over real sockets: every refusal has its
 * reason, and the connection outlives it.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileUploadTest {
  private static final int PIECE = ShardTree.PIECE_BYTES;
  private static final long UNIT = 1 << 20;
  private static final long CREDIT = 4 * UNIT;
  private static final long OBJECT_BYTES = 7 * UNIT;

  private StorageNet net;
  private ClientNode client;
  private RunningSeat seat;
  private RunningSeat other;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    net =
        new StorageNet(
            folder,
            2,
            PartnerNode.Offer.USUAL,
            Map.of(
                "sessions.client_silence_ms",
                600_000L,
                "time.period_slots", // one seat lasts for all tests
                3600L));
    Path home = net.home();
    client = net.client(home);
    client.awaitValidators();
    StoreWish wish =
        new StoreWish(
            Optional.of(new StoreWish.Shards(1, 2)),
            OptionalLong.empty(),
            StoreWish.Until.COMPLETE);
    JobProgress quiet = new JobProgress() {};
    StoreRequest.Begun job =
        new StoreRequest(client, new JobFolder(home), OBJECT_BYTES, wish, quiet)
            .begin(ObjectWriter.freshKey(new java.security.SecureRandom()));
    SeatBroker broker = new SeatBroker(client, job.jobId(), job.plan(), EarlierSeats.NONE, 100);
    client.command(new ClientCommand.MoreOffers(job.jobId()));
    List<NodeId> partners = broker.gather(2, Duration.ofSeconds(30));
    assertThat(partners).hasSize(2);
    seat = new RunningSeat(client, broker, partners.get(0));
    other = new RunningSeat(client, broker, partners.get(1));
  }

  @AfterEach
  void theConnectionIsStillTheFirstOne() throws Exception {
    assertThat(seat.isConnected()).isTrue();
    assertThat(net.fatal()).isEmpty();
  }

  @AfterAll
  void stop() {
    client.close();
    net.close();
  }

  // --- the announcement

  @Test
  void anAnnouncementWithAnythingElseInItIsRefused() throws Exception {
    refused(StorageReason.REFUSED, seat.announcement(9).setData(ByteString.copyFromUtf8("abc")));
    refused(StorageReason.REFUSED, seat.announcement(9).setOffset(1));
    refused(StorageReason.REFUSED, seat.announcement(9).setLast(true));
    refused(
        StorageReason.REFUSED,
        seat.announcement(9).setContractId(ByteString.copyFrom(new byte[31])));
    refused(StorageReason.BAD_ROOT, seat.announcement(9).setRoot(ByteString.copyFrom(new byte[5])));
  }

  @Test
  void aContractThatNobodyKnowsIsNoSeat() throws Exception {
    refused(
        StorageReason.NO_CONTRACT, seat.announcement(9).setContractId(Hash.ZERO.toByteString()));
  }

  @Test
  void theSeatOfAnotherClientIsRefused() throws Exception {
    try (ClientNode bob = net.client(net.home(), "bob")) {
      int number = net.numberOf(seat.partner());
      bob.dial(seat.partner(), net.routesOf(number));
      Channel channel = bob.channel(seat.partner(), Patience.USUAL.limit());
      RunningSeat.Put put;
      StorageReason reason;
      do { // the partner may hear Bob's Hello a moment later
        put = new RunningSeat.Put(channel);
        reason = put.send(seat.announcement(9)).refusal();
      } while (reason == StorageReason.NO_HELLO);
      assertThat(reason).isEqualTo(StorageReason.REFUSED);
    }
  }

  @Test
  void whoSaidNoHelloIsToldToSayIt() throws Exception {
    int port = net.addressOf(net.numberOf(seat.partner())).getPort();
    try (RawClient stranger = RawClient.connect(net.net.chain(), port)) {
      assertThat(new RunningSeat.Put(stranger.channel()).send(seat.announcement(9)).refusal())
          .isEqualTo(StorageReason.NO_HELLO);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, ObjectLayout.SHARD_MAX})
  void aSizeThatIsNotPaidForIsRefused(long size) throws Exception {
    refused(StorageReason.UNPAID, seat.announcement(size));
  }

  @ParameterizedTest
  @ValueSource(longs = {ObjectLayout.SHARD_MAX + 1, Long.MAX_VALUE})
  void aSizeThatNoShardHasIsRefused(long size) throws Exception {
    refused(StorageReason.TOO_LARGE, seat.announcement(size));
  }

  // --- the pieces

  @Test
  void aPieceThatIsTooLargeIsRefused() throws Exception {
    assertThat(begun(2 * PIECE).send(RunningSeat.data(0, PIECE + 1)).refusal())
        .isEqualTo(StorageReason.TOO_LARGE);
    assertThat(begun(11).send(RunningSeat.data(0, 12)).refusal())
        .isEqualTo(StorageReason.TOO_LARGE);
  }

  @Test
  void aMessageBeyondAllMeasureEndsItsCallOnly() throws Exception {
    begun(12).send(RunningSeat.data(0, 32 << 20)).refusal();
  }

  @Test
  void aPieceThatIsTooSmallIsRefused() throws Exception {
    assertThat(begun(2 * PIECE + 1).send(RunningSeat.data(0, 10)).refusal())
        .isEqualTo(StorageReason.TRUNCATED);
    assertThat(begun(13).send(RunningSeat.data(0, 0)).refusal()).isEqualTo(StorageReason.TRUNCATED);
  }

  @Test
  void piecesOutOfOrderAreRefused() throws Exception {
    assertThat(begun(2 * PIECE + 2).send(RunningSeat.data(PIECE, PIECE)).refusal())
        .isEqualTo(StorageReason.REFUSED);
    RunningSeat.Put put = begun(2 * PIECE + 3).send(RunningSeat.data(0, PIECE));
    assertThat(put.ack().getDurableBytes()).isEqualTo(PIECE);
    assertThat(put.send(RunningSeat.data(0, PIECE)).refusal()).isEqualTo(StorageReason.REFUSED);
  }

  @Test
  void whatIsNotPaidForIsNotTakenUntilItIs() throws Exception {
    long size = CREDIT + UNIT;
    CountDownLatch isAtTheLimit = new CountDownLatch(1);
    CountDownLatch isWhole = new CountDownLatch(1);
    AtomicBoolean isPaid = new AtomicBoolean();
    AtomicBoolean wasPaid = new AtomicBoolean();
    RunningSeat.Put put = new RunningSeat.Put(other.channel()).send(other.announcement(size));
    assertThat(put.ack().getDurableBytes()).isZero();
    net.tap.each(CREDIT, number -> isAtTheLimit.countDown());
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              for (long at = 0; at < size; at += PIECE) {
                send(put, RunningSeat.data(at, PIECE));
              }
            });
    assertThat(isAtTheLimit.await(30, TimeUnit.SECONDS)).isTrue();
    net.tap.each(
        1,
        number -> {
          wasPaid.set(isPaid.get());
          isWhole.countDown();
        });
    isPaid.set(true);
    other.pay(1);
    assertThat(isWhole.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(wasPaid).isTrue();
    long taken = 0;
    while (taken < size) {
      taken = put.ack().getDurableBytes();
    }
    sender.join();
  }

  // --- the end

  @Test
  void aRootThatTheBytesDoNotHashToCostsTheWholeUpload() throws Exception {
    RunningSeat.Put put = begun(14).send(RunningSeat.data(0, 14));
    assertThat(put.send(RunningSeat.last(Hash.ZERO.toByteString())).refusal())
        .isEqualTo(StorageReason.BAD_ROOT);
    assertThat(begun(14)).isNotNull(); // from its first byte
    RunningSeat.Put odd = begun(15).send(RunningSeat.data(0, 15));
    assertThat(odd.send(RunningSeat.last(ByteString.copyFrom(new byte[31]))).refusal())
        .isEqualTo(StorageReason.BAD_ROOT);
  }

  @Test
  void anEndBeforeTheEndIsRefused() throws Exception {
    assertThat(begun(16).send(RunningSeat.last(Hash.ZERO.toByteString())).refusal())
        .isEqualTo(StorageReason.TRUNCATED);
    assertThat(begun(17).half().refusal()).isEqualTo(StorageReason.TRUNCATED);
    ShardChunk.Builder withData = RunningSeat.data(0, 18).toBuilder().setLast(true);
    assertThat(begun(18).send(withData).refusal()).isEqualTo(StorageReason.REFUSED);
  }

  @Test
  void aSecondCallOfTheSeatTakesOverFromTheFirst() throws Exception {
    RunningSeat.Put first = begun(2 * PIECE + 4).send(RunningSeat.data(0, PIECE));
    assertThat(first.ack().getDurableBytes()).isEqualTo(PIECE);
    RunningSeat.Put second = seat.put().send(seat.announcement(2 * PIECE + 4));
    assertThat(second.ack().getDurableBytes()).isEqualTo(PIECE);
    assertThat(first.refusal()).isEqualTo(StorageReason.NO_CONTRACT);
  }

  @Test
  void afterAllThatAnHonestShardIsKept() throws Exception {
    Hash root = ShardTree.rootOf(Bytes.wrap(new byte[19]));
    RunningSeat.Put put = begun(19).send(RunningSeat.data(0, 19));
    assertThat(put.ack().getDurableBytes()).isEqualTo(19);
    ShardAck kept = put.send(RunningSeat.last(root.toByteString())).ack();
    assertThat(kept.getRoot()).isEqualTo(root.toByteString());
    ShardAck again = seat.put().send(seat.announcement(19).setRoot(root.toByteString())).ack();
    assertThat(again.getRoot()).isEqualTo(root.toByteString());
  }

  // --- fetching

  @Test
  void aFetchOfWhatIsNotThereOrNoPieceIsRefused() {
    assertThat(fetched(ShardQuery.newBuilder().setRoot(ByteString.copyFrom(new byte[5]))))
        .isEqualTo(StorageReason.REFUSED);
    assertThat(fetched(ShardQuery.newBuilder().setRoot(Hash.ZERO.toByteString())))
        .isEqualTo(StorageReason.NOT_FOUND);
  }

  private StorageReason fetched(ShardQuery.Builder query) {
    StorageReason[] reason = new StorageReason[1];
    assertThatThrownBy(() -> ShardsGrpc.newBlockingStub(seat.channel()).fetch(query.build()).next())
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused ->
                reason[0] =
                    StorageStatus.failure(refused.getStatus(), refused.getTrailers()).reason());
    return reason[0];
  }

  private void refused(StorageReason reason, ShardChunk.Builder announcement) throws Exception {
    assertThat(seat.put().send(announcement).refusal()).isEqualTo(reason);
  }

  /** An upload of so many bytes, from its first one. */
  private RunningSeat.Put begun(long size) throws Exception {
    RunningSeat.Put put = seat.put().send(seat.announcement(size));
    assertThat(put.ack().getDurableBytes()).isZero();
    return put;
  }

  private static void send(RunningSeat.Put put, ShardChunk chunk) {
    try {
      put.send(chunk);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
