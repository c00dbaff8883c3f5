package org.undchain.node.partner;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Contract;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.runtime.Metrics;
import org.undchain.node.transport.grpc.v1.ShardAck;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.utilities.storage.ShardStore;
import org.undchain.utilities.storage.ShardTree;
import org.undchain.utilities.storage.StorageException;

/**
 * A shard has one name, whoever brings it, and everybody may fetch it and bring it again: who does
 * so and does not pay must not take it away from who did.
 */
class SharedShardTest {
  private static final Hash VICTIM = Hashes.tagged("contract of who pays");
  private static final Hash THIEF = Hashes.tagged("contract of who does not");
  private static final NodeId CLIENT = new NodeId(Hashes.tagged("client").bytes());
  private static final byte[] SHARD = new byte[5000];
  private static final Hash ROOT = ShardTree.rootOf(Bytes.wrap(SHARD));

  @TempDir private Path folder;
  private ShardStore store;
  private StorageSeats seats;

  @BeforeEach
  void open() throws Exception {
    store = ShardStore.open(folder.resolve("storage"), 8 << 20);
    restart();
    opened(VICTIM);
    opened(THIEF);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void aPaidShardStaysWhenSomebodyElseBringsItAgainAndDoesNotPay() throws Exception {
    bring(VICTIM);
    seats.ended(VICTIM, true);
    bring(THIEF);
    seats.ended(THIEF, false);
    assertThat(store.isKept(ROOT)).isTrue();
  }

  @Test
  void itStaysOverARestartOfThePartner() throws Exception {
    bring(VICTIM);
    seats.ended(VICTIM, true);
    bring(THIEF);
    restart();
    opened(THIEF);
    seats.ended(THIEF, false);
    assertThat(store.isKept(ROOT)).isTrue();
  }

  @Test
  void whoBroughtItFirstAndDoesNotPayTakesItAwayFromNobody() throws Exception {
    bring(THIEF);
    bring(VICTIM);
    seats.ended(THIEF, false);
    assertThat(store.isKept(ROOT)).isTrue();
    seats.ended(VICTIM, true);
    assertThat(store.isKept(ROOT)).isTrue();
  }

  @Test
  void aPaidShardStaysWhenWhoBroughtItFirstEndsLaterAndDoesNotPay() throws Exception {
    bring(THIEF);
    bring(VICTIM);
    seats.ended(VICTIM, true);
    seats.ended(THIEF, false);
    assertThat(store.isKept(ROOT)).isTrue();
  }

  @Test
  void whatNobodyPaysForGoesWithTheLastWhoBroughtIt() throws Exception {
    bring(THIEF);
    bring(VICTIM);
    seats.ended(THIEF, false);
    seats.ended(VICTIM, false);
    assertThat(store.isKept(ROOT)).isFalse();
    assertThat(store.usedBytes()).isZero();
  }

  private void restart() throws StorageException {
    seats = new StorageSeats(store, new SeatNotes(folder.resolve("seats")));
  }

  private void opened(Hash contractId) throws StorageException {
    seats.opened(
        contractId,
        Contract.newBuilder()
            .setClient(CLIENT.toByteString())
            .setUnitPrice(1)
            .setMaxAmount(4)
            .setKeepUntilSlot(1000)
            .build());
    seats.credited(contractId, 4);
  }

  private void bring(Hash contractId) {
    ShardService service =
        new ShardService(
            new ShardService.Setting(
                store,
                seats,
                new ReadBudget(1 << 20),
                () -> Optional.of(CLIENT),
                command -> {},
                taken -> {},
                new PartnerMetrics(new Metrics())));
    TakenCall call = new TakenCall();
    var put = service.put(call);
    put.onNext(
        ShardChunk.newBuilder()
            .setContractId(contractId.toByteString())
            .setSize(SHARD.length)
            .build());
    put.onNext(ShardChunk.newBuilder().setData(ByteString.copyFrom(SHARD)).build());
    put.onNext(
        ShardChunk.newBuilder()
            .setOffset(SHARD.length)
            .setLast(true)
            .setRoot(ROOT.toByteString())
            .build());
    assertThat(call.isCompleted).isTrue();
  }

  /** A call whose answers are not looked at. */
  private static final class TakenCall extends ServerCallStreamObserver<ShardAck> {
    private boolean isCompleted;

    @Override
    public void onNext(ShardAck ack) {}

    @Override
    public void onError(Throwable refusal) {
      throw new AssertionError(refusal);
    }

    @Override
    public void onCompleted() {
      isCompleted = true;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void disableAutoRequest() {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean isOn) {}
  }
}
