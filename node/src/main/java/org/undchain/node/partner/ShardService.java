package org.undchain.node.partner;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.undchain.core.partner.PartnerCommand;
import org.undchain.core.value.NodeId;
import org.undchain.node.storage.StorageStatus;
import org.undchain.node.transport.grpc.v1.ShardAck;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.node.transport.grpc.v1.ShardQuery;
import org.undchain.node.transport.grpc.v1.ShardsGrpc;
import org.undchain.utilities.storage.ShardStore;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/**
 * The gRPC service {@code Shards} of a partner: takes shards under running contracts, serves them
 * to whoever names their root. Every refusal is typed ({@link StorageStatus}).
 */
final class ShardService extends ShardsGrpc.ShardsImplBase {
  /** Fetches at a time; more are told to come again. */
  static final int FETCHES_MAX = 256;

  private final Setting setting;
  private final Semaphore fetches = new Semaphore(FETCHES_MAX);

  /**
   * @param caller who said Hello on the transport of the current call
   * @param agent hears what was delivered
   * @param onTaken hears of each piece before its client does
   */
  record Setting(
      ShardStore store,
      StorageSeats seats,
      ReadBudget reads,
      Supplier<Optional<NodeId>> caller,
      Consumer<PartnerCommand> agent,
      IntConsumer onTaken,
      PartnerMetrics meter) {}

  ShardService(Setting setting) {
    this.setting = setting;
  }

  @Override
  public StreamObserver<ShardChunk> put(StreamObserver<ShardAck> client) {
    ServerCallStreamObserver<ShardAck> call = (ServerCallStreamObserver<ShardAck>) client;
    call.disableAutoRequest();
    call.setOnCancelHandler(() -> {}); // without one, an ack to a client that is gone would throw
    ShardPut put = new ShardPut(setting, setting.caller().get(), call);
    call.request(1);
    return put;
  }

  @Override
  public void fetch(ShardQuery query, StreamObserver<ShardChunk> caller) {
    if (!fetches.tryAcquire()) {
      refuse(new StorageException(StorageReason.SLOW, FETCHES_MAX + " readers are served"), caller);
      return;
    }
    try {
      ShardFetch.begin(
          setting, (ServerCallStreamObserver<ShardChunk>) caller, query, fetches::release);
    } catch (StorageException failure) {
      fetches.release();
      refuse(failure, caller);
    }
  }

  private void refuse(StorageException failure, StreamObserver<ShardChunk> caller) {
    setting.meter().refused(failure.reason());
    caller.onError(StorageStatus.refusal(failure));
  }
}
