package org.undchain.node.client;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.TimeUnit;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.storage.StorageStatus;
import org.undchain.node.transport.grpc.v1.ShardAck;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.node.transport.grpc.v1.ShardsGrpc;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/** A seat that runs, and its client, who sends its partner whatever a test wants. */
final class RunningSeat {
  private static final long WAIT_SECONDS = 30;

  private final ClientNode client;
  private final NodeId partner;
  private final Hash contractId;
  private final Channel channel;

  /** Returns once the partner has started the seat, and knows it. */
  RunningSeat(ClientNode client, SeatBroker broker, NodeId partner) throws Exception {
    this.client = client;
    this.partner = partner;
    SeatDoor door = broker.door(partner, Patience.USUAL);
    door.open(1).close();
    this.contractId = door.seat().orElseThrow().contractId();
    this.channel = client.channel(partner, Patience.USUAL.limit());
  }

  Hash contractId() {
    return contractId;
  }

  NodeId partner() {
    return partner;
  }

  Channel channel() {
    return channel;
  }

  /** Whether the connection is still the first one. */
  boolean isConnected() throws Exception {
    return client.channel(partner, Patience.USUAL.limit()) == channel;
  }

  void pay(long units) {
    client.command(new ClientCommand.Pay(contractId, units, Bytes.EMPTY));
  }

  ShardChunk.Builder announcement(long size) {
    return ShardChunk.newBuilder().setContractId(contractId.toByteString()).setSize(size);
  }

  static ShardChunk data(long offset, int bytes) {
    return ShardChunk.newBuilder()
        .setOffset(offset)
        .setData(ByteString.copyFrom(new byte[bytes]))
        .build();
  }

  static ShardChunk last(ByteString root) {
    return ShardChunk.newBuilder().setLast(true).setRoot(root).build();
  }

  Put put() {
    return new Put(channel);
  }

  /** One call. */
  static final class Put {
    private final BlockingClientCall<ShardChunk, ShardAck> call;

    Put(Channel channel) {
      this.call =
          ClientCalls.blockingBidiStreamingCall(
              channel,
              ShardsGrpc.getPutMethod(),
              CallOptions.DEFAULT.withDeadlineAfter(WAIT_SECONDS, TimeUnit.SECONDS));
    }

    Put send(ShardChunk.Builder chunk) throws Exception {
      return send(chunk.build());
    }

    /** A call that is over takes nothing; what it says of that is read afterwards. */
    Put send(ShardChunk chunk) throws Exception {
      try {
        call.write(chunk);
      } catch (StatusException over) {
        return this;
      }
      return this;
    }

    Put half() {
      call.halfClose();
      return this;
    }

    ShardAck ack() throws Exception {
      return call.read();
    }

    /** Why the partner ended the call. */
    StorageReason refusal() throws Exception {
      try {
        while (call.read() != null) {
          // acknowledged before it was refused
        }
      } catch (StatusException refused) {
        StorageException failure = StorageStatus.failure(refused);
        return failure.reason();
      }
      throw new AssertionError("nothing was refused");
    }
  }
}
